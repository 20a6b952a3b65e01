using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Broker.Tests.Sink;

/// <summary>A cluster that tells how many producers were opened: the sink opens the next one's in the background, and whoever does so late fences a newer instance.</summary>
internal sealed class WatchedCluster(IKafkaCluster inner) : IKafkaCluster
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim news = new(0);
    private int opened;

    /// <summary>Waits until so many were opened.</summary>
    public async Task OpenedAsync(int count)
    {
        while (Volatile.Read(ref opened) < count)
        {
            Assert.True(await news.WaitAsync(patience, TestContext.Current.CancellationToken), $"{opened} producers were opened instead of {count}.");
        }
    }

    public async ValueTask<IKafkaProducer> OpenProducerAsync(ProducerOptions options, CancellationToken cancellationToken)
    {
        var producer = await inner.OpenProducerAsync(options, cancellationToken);
        Interlocked.Increment(ref opened);
        news.Release();
        return producer;
    }

    public KafkaTopic Topic(string name) => inner.Topic(name);

    public ValueTask<ClusterDescription> DescribeClusterAsync(CancellationToken cancellationToken) => inner.DescribeClusterAsync(cancellationToken);

    public ValueTask<TopicDescription?> DescribeTopicAsync(string topic, CancellationToken cancellationToken) => inner.DescribeTopicAsync(topic, cancellationToken);

    public ValueTask CreateTopicAsync(NewTopic topic, CancellationToken cancellationToken) => inner.CreateTopicAsync(topic, cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, string>> TopicConfigAsync(string topic, CancellationToken cancellationToken) => inner.TopicConfigAsync(topic, cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, string>> BrokerConfigAsync(CancellationToken cancellationToken) => inner.BrokerConfigAsync(cancellationToken);

    public ValueTask<long> HighWatermarkAsync(string topic, int partition, CancellationToken cancellationToken) => inner.HighWatermarkAsync(topic, partition, cancellationToken);

    public ValueTask<long> LastStableOffsetAsync(string topic, int partition, CancellationToken cancellationToken) => inner.LastStableOffsetAsync(topic, partition, cancellationToken);

    public ValueTask ReadAsync(PartitionRange range, Isolation isolation, FetchedRecordHandler handler, CancellationToken cancellationToken) =>
        inner.ReadAsync(range, isolation, handler, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
