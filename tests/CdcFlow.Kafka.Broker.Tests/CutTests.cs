using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Broker.Tests;

/// <summary>A network that loses or delays the end of a transaction.</summary>
[Collection(nameof(KafkaProxy))] // the shared broker has one port for a proxy
public sealed class CutTests(SharedBroker broker)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(Fate.CutBeforeRequest))]
    [InlineData(nameof(Fate.CutBeforeResponse))]
    public async Task Commit_goes_through_when_the_connection_comes_back(string fate)
    {
        await using var proxy = new KafkaProxy(await broker.StartAsync());
        await using var cluster = TestCluster.Connect(proxy.ConnectionString);
        var topic = await cluster.NewTopicAsync();
        await using var producer = await cluster.BeginAsync($"{topic}-a");
        producer.Put(cluster, topic, "kept");
        await producer.FlushAsync(Cancellation);

        proxy.Strike(KafkaProxy.EndTransaction, Enum.Parse<Fate>(fate));
        await producer.CommitAsync(Cancellation);

        Assert.True(proxy.Struck.IsCompleted);
        Assert.Equal(["kept"], await cluster.ValuesAsync(topic));
    }

    [Theory]
    [InlineData(nameof(Fate.CutBeforeRequest), false)]
    [InlineData(nameof(Fate.CutBeforeResponse), true)]
    public async Task Outcome_is_unknown_when_the_connection_stays_away_and_the_next_session_finds_it_decided(string fate, bool isCommitted)
    {
        var server = await broker.StartAsync();
        await using var proxy = new KafkaProxy(server);
        await using var cut = TestCluster.Connect($"Bootstrap Servers={proxy.ConnectionString};Timeout=3");
        await using var cluster = TestCluster.Connect(server.ConnectionString);
        var topic = await cluster.NewTopicAsync();
        await using var producer = await cut.OpenProducerAsync(new ProducerOptions($"{topic}-a", TimeSpan.FromSeconds(4)), Cancellation);
        await producer.BeginAsync(Cancellation);
        producer.Put(cut, topic, "doubtful");
        await producer.FlushAsync(Cancellation);

        proxy.Strike(KafkaProxy.EndTransaction, Enum.Parse<Fate>(fate));
        var commit = producer.CommitAsync(Cancellation);
        await proxy.Struck.WaitAsync(Cancellation);
        await proxy.DisposeAsync();

        var unknown = await Assert.ThrowsAsync<KafkaException>(async () => await commit);
        Assert.Equal(KafkaFailure.OutcomeUnknown, unknown.Failure);
        Assert.True(unknown.IsTransient);
        await using var successor = await cluster.OpenProducerAsync(TestCluster.Transactional($"{topic}-a"), Cancellation);
        Assert.Equal(isCommitted ? ["doubtful"] : [], await cluster.ValuesAsync(topic));
    }

    [Fact]
    public async Task Delayed_commit_ends_the_next_transaction_of_a_session_that_is_used_twice()
    {
        await using var proxy = new KafkaProxy(await broker.StartAsync());
        await using var cluster = TestCluster.Connect(proxy.ConnectionString);
        var topic = await cluster.NewTopicAsync();
        await using var producer = await CommitWithDelayAsync(proxy, cluster, topic);

        await producer.BeginAsync(Cancellation);
        producer.Put(cluster, topic, "half of the second");
        await producer.FlushAsync(Cancellation);
        await proxy.ReleaseAsync(Cancellation);

        Assert.Equal(["first", "half of the second"], await cluster.ValuesAsync(topic)); // why a session is for one transaction
    }

    [Fact]
    public async Task Delayed_commit_cannot_end_a_transaction_of_a_new_session()
    {
        await using var proxy = new KafkaProxy(await broker.StartAsync());
        await using var cluster = TestCluster.Connect(proxy.ConnectionString);
        var topic = await cluster.NewTopicAsync();
        await using (await CommitWithDelayAsync(proxy, cluster, topic))
        {
        }

        await using var fresh = await cluster.BeginAsync($"{topic}-a");
        fresh.Put(cluster, topic, "aborted");
        await fresh.FlushAsync(Cancellation);
        await proxy.ReleaseAsync(Cancellation);
        await fresh.AbortAsync(Cancellation);

        Assert.Equal(["first"], await cluster.ValuesAsync(topic));
        Assert.Equal(["first", "aborted"], await cluster.ValuesAsync(topic, Isolation.ReadUncommitted));
    }

    private static async Task<IKafkaProducer> CommitWithDelayAsync(KafkaProxy proxy, KafkaCluster cluster, string topic)
    {
        var producer = await cluster.BeginAsync($"{topic}-a");
        producer.Put(cluster, topic, "first");
        await producer.FlushAsync(Cancellation);
        proxy.Strike(KafkaProxy.EndTransaction, Fate.Delay);
        await producer.CommitAsync(Cancellation);
        return producer;
    }
}
