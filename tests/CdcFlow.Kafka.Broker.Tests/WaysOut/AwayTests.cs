using CdcFlow.Kafka.Broker.Tests.Pipelines;
using CdcFlow.Testing;
using CdcFlow.TestServers;

namespace CdcFlow.Kafka.Broker.Tests.WaysOut;

/// <summary>A broker that is away when a pipeline starts, or goes while it runs.</summary>
public sealed class AwayTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("WayOut", "CDCF5201")]
    public async Task Broker_that_cannot_be_reached_is_waited_for_and_nothing_is_lost()
    {
        SharedBroker.SkipWhereNoneCanBeHad();
        await using var server = await KafkaServer.StartAsync(cancellationToken: Cancellation);
        using var rig = new PipelineRig<AwayPipeline>(server) { ConnectionString = $"Bootstrap Servers={server.ConnectionString};Timeout=2" };
        var database = InMemoryDatabase.Named("away-db").Snapshot(new Item(1, "one")).EndSnapshot<Item>();
        await rig.RunAsync();
        await server.KillAsync(Cancellation);
        database.Transaction(transaction => transaction.Insert(new Item(2, "two")));
        var running = rig.RunAsync();
        await rig.Log.SaidAsync(KafkaClientErrorCodes.Unreachable);
        await server.StartAgainAsync(Cancellation);
        await running;
        Assert.Equal([1, 2], await rig.ItemsAsync());
    }
}
