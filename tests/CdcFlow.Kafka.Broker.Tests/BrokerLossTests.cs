using CdcFlow.Kafka.Client;
using CdcFlow.TestServers;

namespace CdcFlow.Kafka.Broker.Tests;

/// <summary>A broker that is killed or frozen: each test has its own.</summary>
public sealed class BrokerLossTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transaction_outlives_a_broker_that_is_killed_in_it()
    {
        SharedBroker.SkipWhereNoneCanBeHad();
        await using var server = await KafkaServer.StartAsync(cancellationToken: Cancellation);
        await using var cluster = TestCluster.Connect(server.ConnectionString);
        var topic = await cluster.NewTopicAsync();
        await using var producer = await cluster.BeginAsync($"{topic}-a");
        producer.Put(cluster, topic, "before");
        await producer.FlushAsync(Cancellation);

        await server.KillAsync(Cancellation);
        producer.Put(cluster, topic, "during");
        await server.StartAgainAsync(Cancellation);
        producer.Put(cluster, topic, "after");
        await producer.FlushAsync(Cancellation);
        await producer.CommitAsync(Cancellation);

        Assert.Equal(["before", "during", "after"], await cluster.ValuesAsync(topic));
    }

    [Fact]
    public async Task Records_that_nobody_acknowledges_fail_the_flush_in_bounded_time()
    {
        SharedBroker.SkipWhereNoneCanBeHad();
        await using var server = await KafkaServer.StartAsync(cancellationToken: Cancellation);
        await using var cluster = TestCluster.Connect(server.ConnectionString);
        var topic = await cluster.NewTopicAsync();
        await using var producer = await cluster.OpenProducerAsync(new ProducerOptions($"{topic}-a", TimeSpan.FromSeconds(3)), Cancellation);
        await producer.BeginAsync(Cancellation);
        server.Pause();
        producer.Put(cluster, topic, "lost");

        var lost = await Assert.ThrowsAsync<KafkaException>(async () => await producer.FlushAsync(Cancellation));
        server.Resume();

        Assert.Equal((KafkaFailure.NotCommitted, KafkaClientErrorCodes.NotDelivered, true), (lost.Failure, lost.Code, lost.IsTransient));
        await using var successor = await cluster.OpenProducerAsync(TestCluster.Transactional($"{topic}-a"), Cancellation);
        Assert.Empty(await cluster.ValuesAsync(topic));
    }

    [Fact]
    public async Task Transaction_that_took_too_long_is_said_to_have_and_is_not_committed()
    {
        SharedBroker.SkipWhereNoneCanBeHad();
        await using var server = await KafkaServer.StartAsync(cancellationToken: Cancellation);
        await using var cluster = TestCluster.Connect(server.ConnectionString);
        var topic = await cluster.NewTopicAsync();
        await using var producer = await cluster.OpenProducerAsync(new ProducerOptions($"{topic}-a", TimeSpan.FromSeconds(1)), Cancellation);
        await producer.BeginAsync(Cancellation);
        producer.Put(cluster, topic, "too late");
        await producer.FlushAsync(Cancellation);
        while (await cluster.HighWatermarkAsync(topic, 0, Cancellation) < 2)
        {
            // the broker's own marker of the abort is the second record
        }

        var late = await Assert.ThrowsAsync<KafkaException>(async () => await producer.CommitAsync(Cancellation));
        Assert.Equal((KafkaClientErrorCodes.TransactionTimedOut, true, false), (late.Code, late.IsTransient, late.IsFenced));
        Assert.Empty(await cluster.ValuesAsync(topic));
    }

    [Fact]
    public async Task Cluster_that_does_not_answer_is_unreachable_in_bounded_time()
    {
        SharedBroker.SkipWhereNoneCanBeHad();
        await using var server = await KafkaServer.StartAsync(cancellationToken: Cancellation);
        await server.KillAsync(Cancellation);
        await using var cluster = TestCluster.Connect($"Bootstrap Servers={server.ConnectionString};Timeout=2");
        var unreachable = await Assert.ThrowsAsync<KafkaException>(async () => await cluster.DescribeTopicAsync("any", Cancellation));
        Assert.Equal((KafkaFailure.Unreachable, KafkaClientErrorCodes.Unreachable, true), (unreachable.Failure, unreachable.Code, unreachable.IsTransient));
        var unopened = await Assert.ThrowsAsync<KafkaException>(async () => await cluster.OpenProducerAsync(TestCluster.Transactional("a"), Cancellation));
        Assert.Equal(KafkaFailure.Unreachable, unopened.Failure);
    }
}
