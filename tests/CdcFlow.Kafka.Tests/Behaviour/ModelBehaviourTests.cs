using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Tests.Model;
using CdcFlow.Testing.Kafka;

namespace CdcFlow.Kafka.Tests.Behaviour;

/// <summary>The model behaves as brokers do.</summary>
public sealed class ModelBehaviourTests
{
    public static TheoryData<string> Checks => [.. ClusterBehaviour.Names];

    [Theory, MemberData(nameof(Checks))]
    public Task At_once(string check) => ClusterBehaviour.RunAsync(check, new Stand(completesSlowly: false), TestContext.Current.CancellationToken);

    [Theory, MemberData(nameof(Checks))]
    public Task With_transactions_that_complete_slowly(string check) =>
        ClusterBehaviour.RunAsync(check, new Stand(completesSlowly: true), TestContext.Current.CancellationToken);

    private sealed class Stand(bool completesSlowly) : IClusterStand
    {
        private readonly InMemoryKafka kafka = new(TimeProvider.System) { CompletesSlowly = completesSlowly };

        public IKafkaCluster Connect() => new ModelCluster(kafka, TimeProvider.System);

        public ValueTask<long> StableEndAsync(string topic, int partition) =>
            ValueTask.FromResult(kafka.ListOffsets(new KafkaPartition(topic, partition)).LastStable);
    }
}
