using System.Text;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Connection;

namespace CdcFlow.Kafka.Broker.Tests;

/// <summary>Short forms for tests: text records, whole topics.</summary>
internal static class TestCluster
{
    internal static KafkaCluster Connect(string connectionString) => new(KafkaConnectionString.Parse(connectionString), TimeProvider.System);

    internal static ProducerOptions Transactional(string id) => new(id, TimeSpan.FromSeconds(30));

    internal static async Task<string> NewTopicAsync(this KafkaCluster cluster, int partitions = 1, params (string Name, string Value)[] config)
    {
        var name = $"t-{Guid.NewGuid():n}";
        await cluster.CreateTopicAsync(new NewTopic(name, partitions, 1, config.ToDictionary(c => c.Name, c => c.Value)), Cancellation);
        return name;
    }

    internal static async Task<IKafkaProducer> BeginAsync(this KafkaCluster cluster, string id)
    {
        var producer = await cluster.OpenProducerAsync(Transactional(id), Cancellation);
        await producer.BeginAsync(Cancellation);
        return producer;
    }

    internal static ProduceResult Put(this IKafkaProducer producer, KafkaCluster cluster, string topic, string value, int partition = 0) =>
        producer.TryProduce(new KafkaRecord { Topic = cluster.Topic(topic), Partition = partition, Value = Encoding.UTF8.GetBytes(value), TimestampMs = 1 });

    /// <summary>The values of a partition up to its high watermark of now.</summary>
    internal static async Task<List<string>> ValuesAsync(this KafkaCluster cluster, string topic, Isolation isolation = Isolation.ReadCommitted, int partition = 0)
    {
        List<string> values = [];
        var end = await cluster.HighWatermarkAsync(topic, partition, Cancellation);
        await cluster.ReadAsync(new PartitionRange(topic, partition, 0, end), isolation, (in FetchedRecord record) => values.Add(Encoding.UTF8.GetString(record.Value)), Cancellation);
        return values;
    }

    internal static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
