using CdcFlow.Kafka.Broker.Tests;
using CdcFlow.TestServers;

[assembly: AssemblyFixture(typeof(SharedBroker))]

namespace CdcFlow.Kafka.Broker.Tests;

/// <summary>One broker for all tests that do not harm it; started by the first that asks. Tests use topics and ids of their own names.</summary>
public sealed class SharedBroker : IAsyncDisposable
{
    private readonly Lazy<Task<KafkaServer>> server = new(() => KafkaServer.StartAsync());

    /// <summary>The broker; skips the test where none can be had.</summary>
    public Task<KafkaServer> StartAsync()
    {
        SkipWhereNoneCanBeHad();
        return server.Value;
    }

    public static void SkipWhereNoneCanBeHad() => Assert.SkipWhen(KafkaHome.Missing is not null, KafkaHome.Missing ?? "");

    public async ValueTask DisposeAsync()
    {
        if (server.IsValueCreated)
        {
            await (await server.Value).DisposeAsync();
        }
    }
}
