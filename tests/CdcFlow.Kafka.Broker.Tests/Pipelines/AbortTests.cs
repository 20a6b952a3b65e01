using CdcFlow.Checkpointing;
using CdcFlow.Kafka.Client;
using CdcFlow.Runtime;
using CdcFlow.Testing;
using Microsoft.Extensions.Hosting;

namespace CdcFlow.Kafka.Broker.Tests.Pipelines;

/// <summary>What <c>kafka abort</c> does, to a pipeline whose network and then life end with a transaction open.</summary>
[Collection(nameof(KafkaProxy))]
public sealed class AbortTests(SharedBroker broker)
{
    private static readonly PipelineOptions seldom = new() { CheckpointInterval = TimeSpan.FromHours(1) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Orphaned_transaction_holds_readers_back_until_it_is_aborted_and_the_pipeline_then_loses_nothing()
    {
        var server = await broker.StartAsync();
        await using var proxy = new KafkaProxy(server);
        using var rig = new PipelineRig<OrphanedPipeline>(server);
        var database = InMemoryDatabase.Named("orphaned-db").Snapshot(new Item(1, "one")).EndSnapshot<Item>();
        await rig.RunAsync();
        using var doomed = rig.Make(seldom, proxy);
        var running = PipelineRig<OrphanedPipeline>.Runner(doomed).RunAsync(Cancellation);
        await PipelineRig<OrphanedPipeline>.Runner(doomed).CheckpointAsync(Cancellation);

        proxy.Strike(KafkaProxy.Produce, Fate.CutBeforeResponse, andStayAway: true);
        database.Transaction(transaction => transaction.Insert(new Item(2, "two")));
        await proxy.Struck.WaitAsync(Cancellation);
        Assert.Equal([1, 2], await rig.ItemsAsync(Isolation.ReadUncommitted));

        using var tool = rig.Make();
        var refused = await Assert.ThrowsAsync<CdcFlowException>(() => AbortAsync(tool));
        Assert.Equal(CheckpointErrorCodes.LeaseHeld, refused.Code);
        await AreHeldBackAsync(server.ConnectionString, rig.Topic);

        rig.Mines.IsArmed = true;
        database.Transaction(transaction => transaction.Insert(new Item(3, Minefield.Mine)));
        await Assert.ThrowsAnyAsync<CdcFlowException>(() => running);
        rig.Mines.IsArmed = false;
        await AreHeldBackAsync(server.ConnectionString, rig.Topic);

        Assert.Equal(2, (await AbortAsync(tool)).Fenced.Count);
        Assert.Equal([1], await rig.ItemsAsync());
        await rig.RunAsync();
        Assert.Equal([1, 2, 3], await rig.ItemsAsync());
        Assert.Equal([1, 2, 2, 3], await rig.ItemsAsync(Isolation.ReadUncommitted));
    }

    private static Task<OrphanReport> AbortAsync(IHost tool) => PipelineRig<OrphanedPipeline>.Runner(tool).AbortOrphansAsync(force: false, Cancellation);

    private static async Task AreHeldBackAsync(string connectionString, string topic)
    {
        await using var impatient = TestCluster.Connect($"Bootstrap Servers={connectionString};Timeout=1");
        var held = await Assert.ThrowsAsync<KafkaException>(() => impatient.ValuesAsync(topic));
        Assert.Contains("an open transaction", held.Message, StringComparison.Ordinal);
    }
}
