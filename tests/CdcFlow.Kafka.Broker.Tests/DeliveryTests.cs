using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Broker.Tests;

/// <summary>Records on their way: limits, back-pressure, counting.</summary>
public sealed class DeliveryTests(SharedBroker broker)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Record_keeps_all_its_parts()
    {
        await using var cluster = TestCluster.Connect((await broker.StartAsync()).ConnectionString);
        var topic = await cluster.NewTopicAsync(partitions: 3);
        await using var producer = await cluster.OpenProducerAsync(new ProducerOptions(null, TimeSpan.FromSeconds(10)), Cancellation);
        KafkaHeader[] headers = [new(new KafkaHeaderName("cdc-pos"), 1, 2), new(new KafkaHeaderName("none"), 0, -1), new(new KafkaHeaderName("empty"), 0, 0), new(new KafkaHeaderName("cdc-pos"), 0, 1)];
        producer.TryProduce(new KafkaRecord
        {
            Topic = cluster.Topic(topic),
            Partition = 2,
            Key = "k"u8,
            HasKey = true,
            Value = "v"u8,
            TimestampMs = 1234567890123,
            Headers = headers,
            HeaderBytes = "abc"u8,
        });
        producer.TryProduce(new KafkaRecord { Topic = cluster.Topic(topic), Partition = 2, HasKey = true, Value = default });
        producer.TryProduce(new KafkaRecord { Topic = cluster.Topic(topic), Partition = 2, Key = "k"u8, HasKey = true, IsTombstone = true });
        producer.TryProduce(new KafkaRecord { Topic = cluster.Topic(topic), Partition = 2, Value = "v"u8 });
        await producer.FlushAsync(Cancellation);

        List<string> seen = [];
        await cluster.ReadAsync(new PartitionRange(topic, 2, 0, 4), Isolation.ReadCommitted, (in FetchedRecord record) => seen.Add(Describe(record)), Cancellation);
        Assert.Equal(["k=v @1234567890123 cdc-pos:bc none:null empty: cdc-pos:a", "= @now", "k=null @now", "null=v @now"], seen);
        Assert.Equal(0, await cluster.HighWatermarkAsync(topic, 0, Cancellation));
    }

    [Fact]
    public async Task Range_is_read_from_its_start_up_to_its_end()
    {
        await using var cluster = TestCluster.Connect((await broker.StartAsync()).ConnectionString);
        var topic = await cluster.NewTopicAsync();
        await using var producer = await cluster.OpenProducerAsync(new ProducerOptions(null, TimeSpan.FromSeconds(10)), Cancellation);
        foreach (var number in Enumerable.Range(0, 10))
        {
            producer.Put(cluster, topic, $"{number}");
        }

        await producer.FlushAsync(Cancellation);
        List<long> seen = [];
        await cluster.ReadAsync(new PartitionRange(topic, 0, 3, 7), Isolation.ReadCommitted, (in FetchedRecord record) => seen.Add(record.Offset), Cancellation);
        Assert.Equal([3, 4, 5, 6], seen);
    }

    [Fact]
    public async Task Queue_that_is_full_says_so_and_makes_room_and_every_record_arrives_in_order()
    {
        await using var cluster = TestCluster.Connect((await broker.StartAsync()).ConnectionString);
        var topic = await cluster.NewTopicAsync();
        await using var producer = await cluster.OpenProducerAsync(TestCluster.Transactional($"{topic}-a") with { QueueBytes = 64 * 1024 }, Cancellation);
        await producer.BeginAsync(Cancellation);
        var timesFull = 0;
        foreach (var number in Enumerable.Range(0, 5000))
        {
            while (producer.Put(cluster, topic, $"{number}") == ProduceResult.QueueFull)
            {
                timesFull++;
                await producer.RoomAsync(Cancellation);
            }
        }

        await producer.FlushAsync(Cancellation);
        await producer.CommitAsync(Cancellation);
        Assert.True(timesFull > 1);
        Assert.Equal(Enumerable.Range(0, 5000).Select(number => $"{number}"), await cluster.ValuesAsync(topic));
    }

    [Fact]
    public async Task Record_larger_than_a_request_is_refused_at_once_and_changes_nothing()
    {
        await using var cluster = TestCluster.Connect((await broker.StartAsync()).ConnectionString);
        var topic = await cluster.NewTopicAsync();
        await using var producer = await cluster.BeginAsync($"{topic}-a");
        Assert.Equal(ProduceResult.TooLarge, producer.Put(cluster, topic, new string('x', 1_000_001)));
        Assert.Equal(ProduceResult.Accepted, producer.Put(cluster, topic, "small"));
        await producer.FlushAsync(Cancellation);
        await producer.CommitAsync(Cancellation);
        Assert.Equal(["small"], await cluster.ValuesAsync(topic));
    }

    [Fact]
    public async Task Record_that_the_topic_refuses_fails_the_flush_and_the_next_session_works()
    {
        await using var cluster = TestCluster.Connect((await broker.StartAsync()).ConnectionString);
        var topic = await cluster.NewTopicAsync(1, ("max.message.bytes", "1000"));
        await using var producer = await cluster.OpenProducerAsync(TestCluster.Transactional($"{topic}-a") with { Compression = KafkaCompression.None }, Cancellation);
        await producer.BeginAsync(Cancellation);
        producer.Put(cluster, topic, new string('x', 5000));
        var refused = await Assert.ThrowsAsync<KafkaException>(async () => await producer.FlushAsync(Cancellation));
        Assert.Equal(KafkaFailure.RecordTooLarge, refused.Failure);
        Assert.Contains(topic, refused.Message, StringComparison.Ordinal);
        Assert.Throws<KafkaException>(() => producer.Put(cluster, topic, "after"));

        await producer.AbortAsync(Cancellation);
        await using var fresh = await cluster.BeginAsync($"{topic}-a");
        fresh.Put(cluster, topic, "small");
        await fresh.FlushAsync(Cancellation);
        await fresh.CommitAsync(Cancellation);
        Assert.Equal(["small"], await cluster.ValuesAsync(topic));
    }

    [Fact]
    public async Task Topic_or_partition_that_is_missing_fails_the_flush()
    {
        await using var cluster = TestCluster.Connect((await broker.StartAsync()).ConnectionString);
        var topic = await cluster.NewTopicAsync();
        await using var producer = await cluster.BeginAsync($"{topic}-a");
        var partition = await Assert.ThrowsAsync<KafkaException>(async () =>
        {
            producer.Put(cluster, topic, "lost", partition: 7);
            await producer.FlushAsync(Cancellation);
        });
        Assert.Equal(KafkaFailure.TopicMissing, partition.Failure);
    }

    private static string Describe(in FetchedRecord record)
    {
        var key = record.HasKey ? System.Text.Encoding.UTF8.GetString(record.Key) : "null";
        var value = record.IsTombstone ? "null" : System.Text.Encoding.UTF8.GetString(record.Value);
        var time = record.TimestampMs > 1600000000000 ? "now" : $"{record.TimestampMs}";
        return string.Join(' ', record.Headers.Select(header => $"{header.Key}:{(header.Value is null ? "null" : System.Text.Encoding.UTF8.GetString(header.Value))}").Prepend($"{key}={value} @{time}"));
    }
}
