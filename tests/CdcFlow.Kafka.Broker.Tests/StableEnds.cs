using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Client.Native;
using CdcFlow.Kafka.Connection;

namespace CdcFlow.Kafka.Broker.Tests;

/// <summary>Asks brokers where readers of committed records come to; the sink itself never has to know.</summary>
internal sealed class StableEnds : IAsyncDisposable
{
    private const int TimeoutMs = 10_000;

    private readonly NativeClient client;

    private StableEnds(NativeClient client) => this.client = client;

    public static async Task<StableEnds> OpenAsync(string connectionString) => new(await NativeClient.StartAsync(
        KafkaConnectionString.Parse(connectionString),
        new ClientRole(ClientType.Consumer, new Dictionary<string, string> { ["isolation.level"] = "read_committed" }),
        tokens: null, TestContext.Current.CancellationToken));

    public ValueTask<long> OfAsync(string topic, int partition) => client.RunAsync(() => Of(topic, partition));

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private unsafe long Of(string topic, int partition)
    {
        long low, end;
        var error = NativeError.Of(Librdkafka.QueryWatermarks(client.Pointer, topic, partition, &low, &end, TimeoutMs));
        return error is { } failed ? throw client.Errors.Of(failed, $"asking for the stable end of {topic} [{partition}]") : end;
    }
}
