using System.Text;
using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Tests.Behaviour;

/// <summary>One check's client and topic, and short forms for what it does with them.</summary>
internal sealed class Trial(IKafkaCluster cluster, string topic, CancellationToken cancellationToken) : IAsyncDisposable
{
    private static readonly TimeSpan timeout = TimeSpan.FromSeconds(30);

    private readonly List<IKafkaProducer> producers = [];

    public IKafkaCluster Cluster => cluster;

    public string Topic => topic;

    public CancellationToken Cancellation => cancellationToken;

    public static async Task<Trial> StartAsync(IClusterStand stand, int partitions, CancellationToken cancellationToken, params (string Name, string Value)[] config)
    {
        var trial = new Trial(stand.Connect(), $"behaviour-{Guid.NewGuid():n}", cancellationToken);
        await trial.CreateAsync(trial.Topic, partitions, config);
        return trial;
    }

    public ValueTask CreateAsync(string name, int partitions, params (string Name, string Value)[] config) =>
        cluster.CreateTopicAsync(new NewTopic(name, partitions, 1, config.ToDictionary(setting => setting.Name, setting => setting.Value)), cancellationToken);

    /// <summary>Opens a producer; the transactional id is one of the trial's own.</summary>
    public async Task<IKafkaProducer> OpenAsync(string id = "a")
    {
        var producer = await cluster.OpenProducerAsync(new ProducerOptions($"{topic}.{id}", timeout), cancellationToken);
        producers.Add(producer);
        return producer;
    }

    public async Task<IKafkaProducer> OpenIdempotentAsync()
    {
        var producer = await cluster.OpenProducerAsync(new ProducerOptions(null, timeout), cancellationToken);
        producers.Add(producer);
        return producer;
    }

    public async Task<IKafkaProducer> BeginAsync(string id = "a")
    {
        var producer = await OpenAsync(id);
        await producer.BeginAsync(cancellationToken);
        return producer;
    }

    public async Task PutAsync(IKafkaProducer producer, string value, int partition = 0, string? into = null)
    {
        while (Put(producer, value, partition, into ?? topic) == ProduceResult.QueueFull)
        {
            await producer.RoomAsync(cancellationToken);
        }
    }

    public async Task CommitAsync(IKafkaProducer producer)
    {
        await producer.FlushAsync(cancellationToken);
        await producer.CommitAsync(cancellationToken);
    }

    /// <summary>The values of a partition up to its high watermark of now; waits for what is open there.</summary>
    public async Task<List<string>> ReadAsync(Isolation isolation = Isolation.ReadCommitted, int partition = 0, string? from = null)
    {
        List<string> values = [];
        var end = await cluster.HighWatermarkAsync(from ?? topic, partition, cancellationToken);
        await cluster.ReadAsync(new PartitionRange(from ?? topic, partition, 0, end), isolation, Take, cancellationToken);
        return values;

        void Take(in FetchedRecord record) => values.Add(Encoding.UTF8.GetString(record.Value));
    }

    public async Task FailsAsync(KafkaFailure failure, Func<Task> work)
    {
        var error = await Assert.ThrowsAsync<KafkaException>(work);
        Assert.Equal(failure, error.Failure);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var producer in producers)
        {
            await producer.DisposeAsync();
        }

        await cluster.DisposeAsync();
    }

    private ProduceResult Put(IKafkaProducer producer, string value, int partition, string into) => producer.TryProduce(new KafkaRecord
    {
        Topic = cluster.Topic(into),
        Partition = partition,
        Value = Encoding.UTF8.GetBytes(value),
        TimestampMs = 1,
    });
}
