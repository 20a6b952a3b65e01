using CdcFlow.Kafka.Tests.Model;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;
using CdcFlow.Testing.Kafka;

namespace CdcFlow.Kafka.Tests.Conformance;

public sealed class KafkaSinkConformanceTests
{
    public static TheoryData<string> Checks => [.. SinkConformance.Checks(SinkKind.Transactional)];

    [Theory, MemberData(nameof(Checks))]
    public Task On_the_model(string check) => RunAsync(check, new InMemoryKafka(TimeProvider.System));

    [Theory, MemberData(nameof(Checks))]
    public Task On_a_model_whose_transactions_complete_slowly(string check) => RunAsync(check, new InMemoryKafka(TimeProvider.System) { CompletesSlowly = true });

    private static KafkaSinkTarget Target(InMemoryKafka kafka) => new(
        () => new ModelCluster(kafka, TimeProvider.System), (topic, partition) => ValueTask.FromResult(kafka.ListOffsets(new KafkaPartition(topic, partition)).LastStable));

    private static Task RunAsync(string check, InMemoryKafka kafka) =>
        new SinkConformance(SinkKind.Transactional, _ => ValueTask.FromResult<ISinkTarget>(Target(kafka)))
            .RunAsync(check, TestContext.Current.CancellationToken);
}
