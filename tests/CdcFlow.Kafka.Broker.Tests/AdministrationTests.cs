using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Broker.Tests;

public sealed class AdministrationTests(SharedBroker broker)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Topic_is_made_as_asked_and_described()
    {
        await using var cluster = TestCluster.Connect((await broker.StartAsync()).ConnectionString);
        Assert.Null(await cluster.DescribeTopicAsync("there-is-none", Cancellation));
        var name = await cluster.NewTopicAsync(3, ("cleanup.policy", "compact"), ("max.message.bytes", "12345"));
        var topic = await cluster.DescribeTopicAsync(name, Cancellation);

        Assert.NotNull(topic);
        Assert.Equal((name, 3, 1, 1), (topic.Name, topic.Partitions, topic.ReplicationFactor, topic.InSync));
        Assert.NotEqual(Guid.Empty, topic.Id);
        Assert.NotNull(topic.Allowed);
        Assert.True(topic.Allowed.Value.HasFlag(KafkaOperations.Write));
        var config = await cluster.TopicConfigAsync(name, Cancellation);
        Assert.Equal(("compact", "12345"), (config["cleanup.policy"], config["max.message.bytes"]));
    }

    [Fact]
    public async Task End_of_a_topic_is_asked_for_again_until_the_broker_has_heard_of_it()
    {
        var server = await broker.StartAsync();
        await using var reader = TestCluster.Connect(server.ConnectionString);
        await using var maker = TestCluster.Connect(server.ConnectionString);
        var name = $"t-{Guid.NewGuid():n}";
        var end = reader.HighWatermarkAsync(name, 0, Cancellation).AsTask();
        Assert.Null(await maker.DescribeTopicAsync(name, Cancellation));
        await maker.CreateTopicAsync(Topic(name), Cancellation);
        Assert.Equal(0, await end);
    }

    [Fact]
    public async Task Topic_that_exists_or_cannot_be_is_told_apart()
    {
        await using var cluster = TestCluster.Connect((await broker.StartAsync()).ConnectionString);
        var name = await cluster.NewTopicAsync();
        var exists = await Assert.ThrowsAsync<KafkaException>(async () => await cluster.CreateTopicAsync(Topic(name), Cancellation));
        var replicas = await Assert.ThrowsAsync<KafkaException>(async () => await cluster.CreateTopicAsync(Topic("five-replicas") with { ReplicationFactor = 5 }, Cancellation));
        var setting = await Assert.ThrowsAsync<KafkaException>(async () =>
            await cluster.CreateTopicAsync(Topic("odd") with { Config = new Dictionary<string, string> { ["cleanup.policy"] = "never" } }, Cancellation));

        Assert.Equal((KafkaFailure.TopicExists, KafkaClientErrorCodes.TopicExists), (exists.Failure, exists.Code));
        Assert.Equal((KafkaFailure.Refused, KafkaClientErrorCodes.Refused), (replicas.Failure, replicas.Code));
        Assert.Contains("INVALID_REPLICATION_FACTOR", replicas.Message, StringComparison.Ordinal);
        Assert.Contains("INVALID_CONFIG", setting.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cluster_and_broker_are_described()
    {
        await using var cluster = TestCluster.Connect((await broker.StartAsync()).ConnectionString);
        var described = await cluster.DescribeClusterAsync(Cancellation);
        Assert.Equal(1, described.Brokers);
        Assert.False(string.IsNullOrEmpty(described.Id));
        Assert.Equal("900000", (await cluster.BrokerConfigAsync(Cancellation))["transaction.max.timeout.ms"]);
    }

    [Fact]
    public async Task Transaction_timeout_above_the_brokers_limit_is_refused_with_its_name()
    {
        await using var cluster = TestCluster.Connect((await broker.StartAsync()).ConnectionString);
        var refused = await Assert.ThrowsAsync<KafkaException>(async () => await cluster.OpenProducerAsync(new ProducerOptions("too-long", TimeSpan.FromHours(1)), Cancellation));
        Assert.Contains("INVALID_TRANSACTION_TIMEOUT", refused.Message, StringComparison.Ordinal);
    }

    private static NewTopic Topic(string name) => new(name, 1, 1, new Dictionary<string, string>());
}
