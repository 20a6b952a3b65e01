using CdcFlow.Kafka.Tests.Conformance;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;

namespace CdcFlow.Kafka.Broker.Tests.Sink;

/// <summary>The sink's conformance on a broker.</summary>
public sealed class BrokerConformanceTests(SharedBroker broker)
{
    public static TheoryData<string> Checks => [.. SinkConformance.Checks(SinkKind.Transactional)];

    [Theory, MemberData(nameof(Checks))]
    public async Task On_a_broker(string check)
    {
        var connectionString = (await broker.StartAsync()).ConnectionString;
        await using var ends = await StableEnds.OpenAsync(connectionString);
        await new SinkConformance(SinkKind.Transactional, _ => ValueTask.FromResult<ISinkTarget>(Target(connectionString, ends)))
            .RunAsync(check, TestContext.Current.CancellationToken);
    }

    private static KafkaSinkTarget Target(string connectionString, StableEnds ends)
    {
        // Each check has topics and ids of its own.
        var prefix = $"conformance-{Guid.NewGuid():n}";
        return new KafkaSinkTarget(() => TestCluster.Connect(connectionString), ends.OfAsync, attribute =>
        {
            attribute.Topic = $"{prefix}-{attribute.Topic}";
            attribute.MarkerTopic = $"{prefix}-marker";
            attribute.TransactionalId = prefix;
        });
    }
}
