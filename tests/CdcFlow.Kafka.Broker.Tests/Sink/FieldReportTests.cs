using CdcFlow.Formats.Records;
using CdcFlow.Kafka.Broker.Tests.SchemaRegistry;
using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.TestServers;

namespace CdcFlow.Kafka.Broker.Tests.Sink;

/// <summary>What broke other writers to Kafka in the field, played on a broker: each case names where it was reported.</summary>
public sealed class FieldReportTests(SharedBroker broker)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Topics whose names are no names in Avro.</summary>
    public static TheoryData<string> OddTopics => ["a..b", ".a", "a.", "1.2-x", "-", "_", "..."];

    // twmb/franz-go #451, apache/flink-connector-kafka #225: after days without a transaction the broker had forgotten the transactional id, and restarts repeated the failure.
    [Fact]
    public async Task Transactional_ids_that_the_broker_has_forgotten_end_one_attempt_and_lose_nothing()
    {
        SharedBroker.SkipWhereNoneCanBeHad();
        await using var server = await KafkaServer.StartAsync(
            ["transactional.id.expiration.ms=2000", "transaction.remove.expired.transaction.cleanup.interval.ms=300", "producer.id.expiration.ms=2000"], Cancellation);
        await using var rig = new BrokerRig(server);
        var first = await rig.StartAsync(1);
        await first.WriteAsync(BrokerRig.Insert(1));
        await first.CheckpointAsync(1);
        while ((await rig.TransactionalIdsAsync()).Count > 0)
        {
            Cancellation.ThrowIfCancellationRequested();
        }

        CdcFlowException? failure = null;
        try
        {
            await first.WriteAsync(BrokerRig.Insert(2));
            await first.CheckpointAsync(2);
        }
        catch (CdcFlowException error)
        {
            failure = error;
        }

        Assert.True(failure is null or { IsTransient: true }, failure?.ToString());
        var second = await rig.StartAsync(2);
        Assert.Equal(failure is null ? 2 : 1, second.Marker!.Value.Id.Value);
        await second.WriteAsync(failure is null ? [BrokerRig.Insert(3)] : [BrokerRig.Insert(2), BrokerRig.Insert(3)]);
        await second.CheckpointAsync(3);
        Assert.Equal([1, 2, 3], await rig.CommittedAsync());
    }

    // redpanda-data/redpanda #31362: a batch that is small while it is compressed is too large for a topic that keeps it uncompressed.
    [Theory]
    [InlineData("uncompressed")]
    [InlineData("gzip")]
    public async Task Batches_that_grow_when_the_broker_compresses_them_anew_fit_their_topic(string compression)
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        var instance = await rig.StartAsync(1, attribute => attribute.TopicConfig = $"retention.ms=-1;compression.type={compression}");
        var note = new string('x', 190_000);
        await instance.WriteAsync([.. Enumerable.Range(1, 40).Select(id => BrokerRig.Insert(id, note))]);
        await instance.CheckpointAsync(1);
        Assert.Equal(Enumerable.Range(1, 40), await rig.CommittedAsync());
    }

    // michelin/ns4kafka #63: names that differ in nothing but dots and underscores are one name for metrics, so brokers refuse the second topic.
    [Fact]
    public async Task Topic_whose_name_collides_with_another_is_refused_with_what_to_do()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        var first = await rig.StartAsync(1, attribute => attribute.Topic = $"{rig.Topic}.a");
        await first.WriteAsync(BrokerRig.Insert(1));
        await first.CheckpointAsync(1);
        for (var epoch = 2; epoch <= 3; epoch++)
        {
            var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => rig.StartAsync(epoch, attribute => attribute.Topic = $"{rig.Topic}_a"));
            Assert.Equal((KafkaClientErrorCodes.Refused, false), (error.Code, error.IsTransient));
            Assert.Contains("collide", error.Happened, StringComparison.Ordinal);
            Assert.Contains("Set Topic to another name", error.Fix, StringComparison.Ordinal);
        }

        var next = await rig.StartAsync(4, attribute => attribute.Topic = $"{rig.Topic}-b");
        await next.WriteAsync(BrokerRig.Insert(2));
        await next.CheckpointAsync(2);
        Assert.Equal([2], await rig.CommittedAsync($"{rig.Topic}-b"));
    }

    // debezium DBZ-1044, AbsaOSS/ABRiS #338: topics with names that Avro does not have could not be registered.
    [Theory, MemberData(nameof(OddTopics))]
    public async Task Topic_of_any_name_has_schemas_that_the_registry_takes(string topic)
    {
        using var registry = await RealRegistry.ConnectAsync();
        foreach (var format in new[] { RecordFormat.Avro, RecordFormat.DebeziumAvro, RecordFormat.Json, RecordFormat.DebeziumJson })
        {
            var (key, value) = RealRegistry.Schemas<Account, AccountCodec>(format, topic);
            var subject = $"{topic}{Guid.NewGuid():n}";
            var id = await registry.RegisterAsync($"{subject}-value", value, Cancellation);
            Assert.Equal(id, await registry.FindAsync($"{subject}-value", value, Cancellation));
            await registry.RegisterAsync($"{subject}-key", key!, Cancellation);
        }
    }
}
