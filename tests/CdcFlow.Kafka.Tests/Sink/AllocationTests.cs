using CdcFlow.Batches;
using CdcFlow.Configuration;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Sink;
using CdcFlow.Kafka.Tests.Conformance;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Kafka.Tests.Sink;

/// <summary>A row costs no garbage: what the collector must do at night is what the user's own objects are.</summary>
public sealed class AllocationTests
{
    [Fact]
    public async Task Writer_allocates_nothing_per_row()
    {
        var attribute = new KafkaSinkAttribute("bus") { Topic = "accounts", Format = RecordFormat.Json };
        var context = KafkaSinkTarget.Context();
        await using var connection = new KafkaSinkConnection(context, KafkaConnectionOptions.Resolve(attribute, context), new NullCluster(), "here");
        var writer = connection.AddWriter<Account, AccountCodec>(attribute, "accounts", ConnectorSettings.None);
        await connection.OpenAsync(new SinkOpenContext("conformance", new Checkpoints.Epoch(1), Delivery.ExactlyOnce, SinkConformance.Store), TestContext.Current.CancellationToken);
        var (small, large) = (Batch(1), Batch(1000));
        Measure(writer, large);
        Measure(writer, large);
        Assert.Equal(Measure(writer, small), Measure(writer, large)); // what a call costs in a build for debugging
    }

    private static ChangeBatch<Account> Batch(int rows)
    {
        var rig = new Rig();
        var batch = new ChangeBatch<Account>(rows * 2);
        for (var id = 0; id < rows; id++)
        {
            batch.Add(rig.Insert(id, "a note"));
            batch.Add(rig.Delete(id));
        }

        return batch;
    }

    private static long Measure(ISinkWriter<Account> writer, ChangeBatch<Account> batch)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var written = writer.WriteAsync(batch, CancellationToken.None);
        var after = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(written.IsCompletedSuccessfully);
        return after - before;
    }

    /// <summary>A cluster that takes everything and keeps nothing.</summary>
    private sealed class NullCluster : IKafkaCluster
    {
        public KafkaTopic Topic(string name) => new(name, 0);

        public ValueTask<IKafkaProducer> OpenProducerAsync(ProducerOptions options, CancellationToken cancellationToken) => ValueTask.FromResult<IKafkaProducer>(new NullProducer());

        public ValueTask<ClusterDescription> DescribeClusterAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<TopicDescription?> DescribeTopicAsync(string topic, CancellationToken cancellationToken) =>
            ValueTask.FromResult<TopicDescription?>(new TopicDescription(topic, Guid.Empty, 1, 1, 1, null));

        public ValueTask CreateTopicAsync(NewTopic topic, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyDictionary<string, string>> TopicConfigAsync(string topic, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());

        public ValueTask<IReadOnlyDictionary<string, string>> BrokerConfigAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<long> HighWatermarkAsync(string topic, int partition, CancellationToken cancellationToken) => ValueTask.FromResult(0L);

        public ValueTask<long> LastStableOffsetAsync(string topic, int partition, CancellationToken cancellationToken) => ValueTask.FromResult(0L);

        public ValueTask ReadAsync(PartitionRange range, Isolation isolation, FetchedRecordHandler handler, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class NullProducer : IKafkaProducer
    {
        public ValueTask BeginAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ProduceResult TryProduce(in KafkaRecord record) => ProduceResult.Accepted;

        public ValueTask RoomAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask CommitAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask AbortAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
