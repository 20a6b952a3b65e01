using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Tests.Behaviour;

namespace CdcFlow.Kafka.Broker.Tests;

/// <summary>Brokers behave as the model does.</summary>
public sealed class BrokerBehaviourTests(SharedBroker broker)
{
    public static TheoryData<string> Checks => [.. ClusterBehaviour.Names];

    [Theory, MemberData(nameof(Checks))]
    public async Task On_a_broker(string check)
    {
        var connectionString = (await broker.StartAsync()).ConnectionString;
        await using var ends = await StableEnds.OpenAsync(connectionString);
        await ClusterBehaviour.RunAsync(check, new Stand(connectionString, ends), TestContext.Current.CancellationToken);
    }

    private sealed class Stand(string connectionString, StableEnds ends) : IClusterStand
    {
        public IKafkaCluster Connect() => TestCluster.Connect(connectionString);

        public ValueTask<long> StableEndAsync(string topic, int partition) => ends.OfAsync(topic, partition);
    }
}
