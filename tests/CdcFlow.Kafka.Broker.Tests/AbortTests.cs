using CdcFlow.Checkpointing.IO;
using CdcFlow.Configuration;
using CdcFlow.Kafka.Client;
using CdcFlow.Sinks;

namespace CdcFlow.Kafka.Broker.Tests;

/// <summary>What <c>kafka abort</c> does.</summary>
public sealed class AbortTests(SharedBroker broker)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reader_that_a_dead_pipelines_transaction_holds_back_goes_on()
    {
        var server = await broker.StartAsync();
        await using var cluster = TestCluster.Connect(server.ConnectionString);
        var topic = await cluster.NewTopicAsync();
        await using var dead = await cluster.BeginAsync($"cdcflow.{topic}.bus.1");
        dead.Put(cluster, topic, "left open");
        await dead.FlushAsync(Cancellation);
        await using var other = await cluster.OpenProducerAsync(new ProducerOptions(null, TimeSpan.FromSeconds(10)), Cancellation);
        other.Put(cluster, topic, "held back");
        await other.FlushAsync(Cancellation);

        await using (var impatient = TestCluster.Connect($"Bootstrap Servers={server.ConnectionString};Timeout=1"))
        {
            var held = await Assert.ThrowsAsync<KafkaException>(async () => await impatient.ValuesAsync(topic));
            Assert.Contains("an open transaction", held.Message, StringComparison.Ordinal);
        }

        var waiting = cluster.ValuesAsync(topic);
        Assert.Equal([$"cdcflow.{topic}.bus.0", $"cdcflow.{topic}.bus.1"], await AbortAsync(topic, server.ConnectionString));
        Assert.Equal(["held back"], await waiting);
    }

    private static async Task<IReadOnlyList<string>> AbortAsync(string pipeline, string connectionString)
    {
        var context = new ConnectorContext(pipeline, "bus", connectionString, ConnectorSettings.None, TimeProvider.System, LocalFileSystem.Default, new NoLog());
        await using var sink = new KafkaSinkAttribute("bus").CreateConnection(context);
        return await ((IOrphanedTransactions)sink).AbortAsync(Cancellation);
    }

    private sealed class NoLog : IConnectorLog
    {
        public void Information(string message)
        {
        }

        public void Warning(string code, string message)
        {
        }
    }
}
