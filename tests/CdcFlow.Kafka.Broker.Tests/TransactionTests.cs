using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Broker.Tests;

public sealed class TransactionTests(SharedBroker broker)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Committed_records_are_seen_and_aborted_ones_only_by_those_who_ask_for_all()
    {
        await using var cluster = TestCluster.Connect((await broker.StartAsync()).ConnectionString);
        var topic = await cluster.NewTopicAsync();
        await using var producer = await cluster.BeginAsync($"{topic}-a");
        Assert.Equal(ProduceResult.Accepted, producer.Put(cluster, topic, "dropped"));
        await producer.FlushAsync(Cancellation);
        await producer.AbortAsync(Cancellation);

        await producer.BeginAsync(Cancellation);
        producer.Put(cluster, topic, "kept");
        await producer.FlushAsync(Cancellation);
        await producer.CommitAsync(Cancellation);

        Assert.Equal(["kept"], await cluster.ValuesAsync(topic));
        Assert.Equal(["dropped", "kept"], await cluster.ValuesAsync(topic, Isolation.ReadUncommitted));
    }

    [Fact]
    public async Task Records_of_a_transaction_that_was_aborted_unsent_are_nowhere()
    {
        await using var cluster = TestCluster.Connect((await broker.StartAsync()).ConnectionString);
        var topic = await cluster.NewTopicAsync();
        await using var producer = await cluster.BeginAsync($"{topic}-a");
        producer.Put(cluster, topic, "first");
        await producer.AbortAsync(Cancellation);
        await producer.BeginAsync(Cancellation);
        producer.Put(cluster, topic, "second");
        await producer.FlushAsync(Cancellation);
        await producer.CommitAsync(Cancellation);

        Assert.Equal(["second"], await cluster.ValuesAsync(topic));
    }

    [Fact]
    public async Task Second_producer_of_an_id_fences_the_first_and_aborts_what_it_left_open()
    {
        await using var cluster = TestCluster.Connect((await broker.StartAsync()).ConnectionString);
        var topic = await cluster.NewTopicAsync();
        await using var first = await cluster.BeginAsync($"{topic}-a");
        first.Put(cluster, topic, "of a zombie");
        await first.FlushAsync(Cancellation);

        await using var second = await cluster.BeginAsync($"{topic}-a");
        second.Put(cluster, topic, "of the successor");
        await second.FlushAsync(Cancellation);
        await second.CommitAsync(Cancellation);

        var fenced = await Assert.ThrowsAsync<KafkaException>(async () => await first.CommitAsync(Cancellation));
        Assert.Equal(KafkaFailure.Fenced, fenced.Failure);
        Assert.True(fenced.IsFenced);
        Assert.Equal(["of the successor"], await cluster.ValuesAsync(topic));
    }
}
