using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Connection;
using Confluent.Kafka;

namespace CdcFlow.Kafka.Broker.Tests;

/// <summary>Asks brokers where readers of committed records come to; the sink itself never has to know.</summary>
internal sealed class StableEnds : IAsyncDisposable
{
    private static readonly TimeSpan timeout = TimeSpan.FromSeconds(10);

    private readonly KafkaClient<IConsumer<byte[]?, byte[]?>> client;

    private StableEnds(KafkaClient<IConsumer<byte[]?, byte[]?>> client) => this.client = client;

    public static async Task<StableEnds> OpenAsync(string connectionString) => new(await KafkaClient<IConsumer<byte[]?, byte[]?>>.StartAsync(
        KafkaConnectionString.Parse(connectionString),
        PackageClients.Consumer(new Dictionary<string, string> { ["isolation.level"] = "read_committed" }),
        tokens: null, TestContext.Current.CancellationToken));

    public ValueTask<long> OfAsync(string topic, int partition) =>
        client.RunAsync(() => client.Package.QueryWatermarkOffsets(new TopicPartition(topic, partition), timeout).High.Value);

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
