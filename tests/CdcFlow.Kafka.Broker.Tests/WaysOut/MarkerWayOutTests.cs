using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CdcFlow.Checkpointing;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;
using CdcFlow.Kafka.Broker.Tests.Pipelines;
using CdcFlow.Kafka.Client;
using CdcFlow.Runtime;
using CdcFlow.Testing;

namespace CdcFlow.Kafka.Broker.Tests.WaysOut;

/// <summary>A marker topic that stops a pipeline at every start.</summary>
public sealed partial class MarkerWayOutTests(SharedBroker broker)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("WayOut", "CDCF3005"), Trait("WayOut", "CDCF5236")]
    public async Task Topic_that_something_else_writes_to_gives_way_to_one_of_the_pipelines_own_and_the_pipeline_goes_on_where_it_was()
    {
        using var rig = new PipelineRig<ForeignMarkerPipeline>(await broker.StartAsync());
        var database = InMemoryDatabase.Named("foreign-marker-db").Snapshot(new Item(1, "one")).EndSnapshot<Item>();
        await rig.RunAsync();
        await WriteAsync(rig.ConnectionString, rig.Markers!);
        database.Transaction(transaction => transaction.Insert(new Item(2, "two")));
        Assert.Contains("a marker topic of its own (MarkerTopic)", await StopsAsync(rig, KafkaSinkErrors.MarkerUnreadable), StringComparison.Ordinal);

        rig.Settings = new Dictionary<string, string?> { ["CdcFlow:foreign-marker:Sinks:bus:MarkerTopic"] = $"{rig.Markers}-own" };
        var named = RestoreFrom().Match(await StopsAsync(rig, CheckpointErrorCodes.MarkerMissing)).Groups;
        await rig.RunAsync(new RecoveryOverride(new CheckpointRef(new Epoch(Number(named[2])), new CheckpointId(Number(named[1])))));
        Assert.Equal([1, 2], await rig.ItemsAsync());
        await rig.RunAsync();
    }

    [Fact, Trait("WayOut", "CDCF5237"), Trait("WayOut", "CDCF5238")]
    public async Task Topic_that_cannot_hold_the_marker_gives_way_to_one_that_can_and_is_made_or_set_right_by_the_command()
    {
        var server = await broker.StartAsync();
        using var rig = new PipelineRig<UnfitMarkerPipeline>(server);
        InMemoryDatabase.Named("unfit-marker-db").Snapshot(new Item(1, "one")).EndSnapshot<Item>();
        await server.RunAsync($"kafka-topics.sh --create --topic {rig.Markers} --partitions 2");
        Assert.Contains("Set MarkerTopic to the name", await StopsAsync(rig, KafkaSinkErrors.MarkerTopicUnfit), StringComparison.Ordinal);

        var own = $"{rig.Markers}-own";
        rig.Settings = new Dictionary<string, string?> { ["CdcFlow:unfit-marker:Sinks:bus:MarkerTopic"] = own, ["CdcFlow:unfit-marker:Sinks:bus:CreateMarkerTopic"] = "false" };
        await server.RunAsync(await StopsAsync(rig, KafkaSinkErrors.TopicMissing));
        await server.RunAsync($"kafka-configs.sh --alter --entity-type topics --entity-name {own} --add-config cleanup.policy=delete");
        await server.RunAsync(await StopsAsync(rig, KafkaSinkErrors.MarkerTopicUnfit));
        await rig.RunAsync();
        Assert.Equal([1], await rig.ItemsAsync());
    }

    private static async Task<string> StopsAsync<TPipeline>(PipelineRig<TPipeline> rig, string code)
        where TPipeline : ICdcPipeline<TPipeline>
    {
        await Assert.ThrowsAnyAsync<CdcFlowException>(() => rig.RunAsync());
        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => rig.RunAsync());
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        return $"{error.Happened} {error.Fix}";
    }

    private static async Task WriteAsync(string connectionString, string topic)
    {
        await using var cluster = TestCluster.Connect(connectionString);
        await using var stranger = await cluster.OpenProducerAsync(new ProducerOptions(null, TimeSpan.FromSeconds(10)), Cancellation);
        stranger.TryProduce(new KafkaRecord { Topic = cluster.Topic(topic), Partition = 0, Key = Encoding.UTF8.GetBytes("stranger"), HasKey = true, Value = "{}"u8 });
        await stranger.FlushAsync(Cancellation);
    }

    private static long Number(Group group) => long.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"--restore-from (\d+)@(\d+)")]
    private static partial Regex RestoreFrom();
}
