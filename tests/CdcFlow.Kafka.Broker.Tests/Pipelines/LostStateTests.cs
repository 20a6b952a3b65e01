using System.Globalization;
using System.Text.RegularExpressions;
using CdcFlow.Checkpointing;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;
using CdcFlow.Testing;
using CdcFlow.TestServers;

namespace CdcFlow.Kafka.Broker.Tests.Pipelines;

/// <summary>Whole pipelines whose marker or checkpoints are not what they were: cases C7 and C8 of the commit protocol.</summary>
public sealed class LostStateTests(SharedBroker broker)
{
    [Fact]
    public async Task C7_marker_that_is_gone_stops_the_pipeline_until_the_operator_says_where_to_begin()
    {
        var server = await broker.StartAsync();
        using var rig = new PipelineRig<UnmarkedPipeline>(server);
        var database = InMemoryDatabase.Named("unmarked-db").Snapshot(new Item(1, "one")).EndSnapshot<Item>();
        await rig.RunAsync();
        database.Transaction(transaction => transaction.Insert(new Item(2, "two")));
        await DeleteAsync(server, rig.Markers!);

        var refusal = await Assert.ThrowsAsync<CdcFlowException>(() => rig.RunAsync());
        Assert.Equal(CheckpointErrorCodes.MarkerMissing, refusal.Code);
        Assert.Equal([1], await rig.ItemsAsync());

        await rig.RunAsync(new RecoveryOverride(Named(refusal)));
        Assert.Equal([1, 2], await rig.ItemsAsync());
        database.Transaction(transaction => transaction.Insert(new Item(3, "three")));
        await rig.RunAsync();
        Assert.Equal([1, 2, 3], await rig.ItemsAsync());
    }

    [Fact]
    public async Task C8_store_that_was_rolled_back_stops_the_pipeline_until_it_is_brought_back()
    {
        using var rig = new PipelineRig<RolledBackPipeline>(await broker.StartAsync());
        var database = InMemoryDatabase.Named("rolled-back-db").Snapshot(new Item(1, "one")).EndSnapshot<Item>();
        await rig.RunAsync();
        var backup = rig.Store + "-backup";
        Copy(rig.Store, backup);
        database.Transaction(transaction => transaction.Insert(new Item(2, "two")));
        await rig.RunAsync();
        var newest = rig.Store + "-newest";
        Directory.Move(rig.Store, newest);
        Copy(backup, rig.Store);

        var refusal = await Assert.ThrowsAsync<CdcFlowException>(() => rig.RunAsync());
        Assert.Equal(CheckpointErrorCodes.MarkerAhead, refusal.Code);
        Assert.Contains("--restore-from", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2], await rig.ItemsAsync());

        Directory.Delete(rig.Store, recursive: true);
        Directory.Move(newest, rig.Store);
        database.Transaction(transaction => transaction.Insert(new Item(3, "three")));
        await rig.RunAsync();
        Assert.Equal([1, 2, 3], await rig.ItemsAsync());
    }

    /// <summary>The checkpoint that a refusal offers to begin from.</summary>
    private static CheckpointRef Named(CdcFlowException refusal)
    {
        var named = Regex.Match(refusal.Message, @"--restore-from (\d+)@(\d+)").Groups;
        return new CheckpointRef(new Epoch(long.Parse(named[2].ValueSpan, CultureInfo.InvariantCulture)), new CheckpointId(long.Parse(named[1].ValueSpan, CultureInfo.InvariantCulture)));
    }

    private static Task<string> DeleteAsync(KafkaServer server, string topic) => KafkaServer.ToolAsync(
        "org.apache.kafka.tools.TopicCommand", ["--bootstrap-server", server.ConnectionString, "--delete", "--topic", topic], TestContext.Current.CancellationToken);

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
