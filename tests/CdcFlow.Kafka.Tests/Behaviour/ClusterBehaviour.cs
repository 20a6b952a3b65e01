using System.Text;
using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Tests.Behaviour;

/// <summary>What the sink relies on, tried on the model and on brokers: where they differ, the model is wrong.</summary>
internal static class ClusterBehaviour
{
    private static readonly Dictionary<string, Func<IClusterStand, CancellationToken, Task>> checks = new()
    {
        ["Committed records are seen, and aborted ones only by those who ask for all"] = async (stand, cancellation) =>
        {
            await using var trial = await Trial.StartAsync(stand, 1, cancellation);
            var producer = await trial.BeginAsync();
            await trial.PutAsync(producer, "dropped");
            await producer.FlushAsync(cancellation);
            await producer.AbortAsync(cancellation);
            await producer.BeginAsync(cancellation);
            await trial.PutAsync(producer, "kept");
            await trial.CommitAsync(producer);
            Assert.Equal(["kept"], await trial.ReadAsync());
            Assert.Equal(["dropped", "kept"], await trial.ReadAsync(Isolation.ReadUncommitted));
        },
        ["The end of a transaction takes an offset of its own"] = async (stand, cancellation) =>
        {
            await using var trial = await Trial.StartAsync(stand, 1, cancellation);
            var producer = await trial.BeginAsync();
            await trial.PutAsync(producer, "one");
            await producer.FlushAsync(cancellation);
            Assert.Equal(1, await trial.Cluster.HighWatermarkAsync(trial.Topic, 0, cancellation));
            await producer.CommitAsync(cancellation);
            Assert.Equal(["one"], await trial.ReadAsync());
            Assert.Equal(2, await trial.Cluster.HighWatermarkAsync(trial.Topic, 0, cancellation));
        },
        ["An open transaction holds readers of committed records back, also from what others committed"] = async (stand, cancellation) =>
        {
            await using var trial = await Trial.StartAsync(stand, 1, cancellation);
            var first = await trial.BeginAsync("a");
            await trial.PutAsync(first, "of the first");
            await first.FlushAsync(cancellation);
            var second = await trial.BeginAsync("b");
            await trial.PutAsync(second, "of the second");
            await trial.CommitAsync(second);
            Assert.Equal(0, await stand.StableEndAsync(trial.Topic, 0));
            var reading = trial.ReadAsync();
            await first.CommitAsync(cancellation);
            Assert.Equal(["of the first", "of the second"], await reading);
            Assert.Equal(4, await stand.StableEndAsync(trial.Topic, 0));
        },
        ["A second producer of an id fences the first and aborts what it left open"] = async (stand, cancellation) =>
        {
            await using var trial = await Trial.StartAsync(stand, 1, cancellation);
            var first = await trial.BeginAsync();
            await trial.PutAsync(first, "of a zombie");
            await first.FlushAsync(cancellation);
            var second = await trial.OpenAsync();
            Assert.Equal(await trial.Cluster.HighWatermarkAsync(trial.Topic, 0, cancellation), await stand.StableEndAsync(trial.Topic, 0)); // nothing is open any more
            await trial.FailsAsync(KafkaFailure.Fenced, async () => await first.CommitAsync(cancellation));
            await second.BeginAsync(cancellation);
            await trial.PutAsync(second, "of the successor");
            await trial.CommitAsync(second);
            Assert.Equal(["of the successor"], await trial.ReadAsync());
        },
        ["A fenced producer can write nothing that anybody sees"] = async (stand, cancellation) =>
        {
            await using var trial = await Trial.StartAsync(stand, 1, cancellation);
            var first = await trial.BeginAsync();
            await trial.OpenAsync();
            await trial.PutAsync(first, "of a zombie");
            await Assert.ThrowsAsync<KafkaException>(async () => await trial.CommitAsync(first));
            Assert.Empty(await trial.ReadAsync());
        },
        ["A producer of another id fences nobody"] = async (stand, cancellation) =>
        {
            await using var trial = await Trial.StartAsync(stand, 1, cancellation);
            var first = await trial.BeginAsync("a");
            await trial.PutAsync(first, "one");
            await trial.OpenAsync("b");
            await trial.CommitAsync(first);
            Assert.Equal(["one"], await trial.ReadAsync());
        },
        ["What was committed stays committed when its id is taken over"] = async (stand, cancellation) =>
        {
            await using var trial = await Trial.StartAsync(stand, 1, cancellation);
            var first = await trial.BeginAsync();
            await trial.PutAsync(first, "one");
            await trial.CommitAsync(first);
            await trial.OpenAsync();
            Assert.Equal(["one"], await trial.ReadAsync());
        },
        ["Partitions and topics of a transaction become visible, or not, as one"] = async (stand, cancellation) =>
        {
            await using var trial = await Trial.StartAsync(stand, 3, cancellation);
            var other = $"{trial.Topic}-other";
            await trial.CreateAsync(other, 1);
            var producer = await trial.BeginAsync();
            foreach (var commit in new[] { false, true })
            {
                await trial.PutAsync(producer, $"{commit}", partition: 0);
                await trial.PutAsync(producer, $"{commit}", partition: 2);
                await trial.PutAsync(producer, $"{commit}", into: other);
                await producer.FlushAsync(cancellation);
                await (commit ? producer.CommitAsync(cancellation) : producer.AbortAsync(cancellation));
                await producer.BeginAsync(cancellation);
            }

            Assert.Equal(["True"], await trial.ReadAsync(partition: 0));
            Assert.Empty(await trial.ReadAsync(partition: 1));
            Assert.Equal(["True"], await trial.ReadAsync(partition: 2));
            Assert.Equal(["True"], await trial.ReadAsync(from: other));
        },
        ["Records of a partition keep their order, also through a full queue"] = async (stand, cancellation) =>
        {
            await using var trial = await Trial.StartAsync(stand, 2, cancellation);
            var producer = await trial.BeginAsync();
            for (var number = 0; number < 2000; number++)
            {
                await trial.PutAsync(producer, $"{number}", partition: number % 2);
            }

            await trial.CommitAsync(producer);
            Assert.Equal(Enumerable.Range(0, 1000).Select(number => $"{number * 2}"), await trial.ReadAsync(partition: 0));
            Assert.Equal(Enumerable.Range(0, 1000).Select(number => $"{(number * 2) + 1}"), await trial.ReadAsync(partition: 1));
        },
        ["A transaction without records commits and aborts"] = async (stand, cancellation) =>
        {
            await using var trial = await Trial.StartAsync(stand, 1, cancellation);
            var producer = await trial.BeginAsync();
            await trial.CommitAsync(producer);
            await producer.BeginAsync(cancellation);
            await producer.AbortAsync(cancellation);
            await producer.BeginAsync(cancellation);
            await trial.PutAsync(producer, "one");
            await trial.CommitAsync(producer);
            Assert.Equal(["one"], await trial.ReadAsync());
        },
        ["An idempotent producer's records are seen when they are flushed"] = async (stand, cancellation) =>
        {
            await using var trial = await Trial.StartAsync(stand, 1, cancellation);
            var producer = await trial.OpenIdempotentAsync();
            await trial.PutAsync(producer, "one");
            await producer.FlushAsync(cancellation);
            await trial.PutAsync(producer, "two");
            await producer.FlushAsync(cancellation);
            Assert.Equal(["one", "two"], await trial.ReadAsync());
        },
        ["Keys, headers, times, tombstones and empty values come back as they were"] = EveryPartOfARecord,
        ["A record that is larger than its topic takes is refused, and its transaction can only be aborted"] = async (stand, cancellation) =>
        {
            await using var trial = await Trial.StartAsync(stand, 1, cancellation, ("max.message.bytes", "2000"));
            var producer = await trial.BeginAsync();
            await trial.PutAsync(producer, "small");
            await producer.FlushAsync(cancellation);
            await trial.PutAsync(producer, Random(6000));
            await trial.FailsAsync(KafkaFailure.RecordTooLarge, async () => await producer.FlushAsync(cancellation));
            await producer.AbortAsync(cancellation);
            Assert.Empty(await trial.ReadAsync());
        },
        ["A record that is larger than the client sends is refused at once"] = async (stand, cancellation) =>
        {
            await using var trial = await Trial.StartAsync(stand, 1, cancellation);
            var producer = await trial.BeginAsync();
            Assert.Equal(ProduceResult.TooLarge, producer.TryProduce(new KafkaRecord { Topic = trial.Cluster.Topic(trial.Topic), Partition = 0, Value = new byte[1_100_000] }));
            await trial.PutAsync(producer, "small");
            await trial.CommitAsync(producer);
            Assert.Equal(["small"], await trial.ReadAsync());
        },
        ["Topics are described as they were made"] = async (stand, cancellation) =>
        {
            await using var trial = await Trial.StartAsync(stand, 3, cancellation, ("max.message.bytes", "5000"));
            var found = await trial.Cluster.DescribeTopicAsync(trial.Topic, cancellation);
            Assert.Equal(3, found!.Partitions);
            Assert.Equal(1, found.ReplicationFactor);
            Assert.Equal("5000", (await trial.Cluster.TopicConfigAsync(trial.Topic, cancellation))["max.message.bytes"]);
            Assert.Null(await trial.Cluster.DescribeTopicAsync($"{trial.Topic}-missing", cancellation));
            await trial.FailsAsync(KafkaFailure.TopicExists, async () => await trial.CreateAsync(trial.Topic, 1));
            await trial.FailsAsync(KafkaFailure.Refused, async () => await trial.CreateAsync("a name with spaces", 1));
        },
        ["A timeout that is longer than the broker allows is refused"] = async (stand, cancellation) =>
        {
            await using var trial = await Trial.StartAsync(stand, 1, cancellation);
            var max = TimeSpan.FromMilliseconds(long.Parse((await trial.Cluster.BrokerConfigAsync(cancellation))["transaction.max.timeout.ms"], System.Globalization.CultureInfo.InvariantCulture));
            await trial.FailsAsync(KafkaFailure.Refused, async () =>
                await trial.Cluster.OpenProducerAsync(new ProducerOptions($"{trial.Topic}.a", max + TimeSpan.FromMinutes(1)), cancellation));
        },
    };

    public static IReadOnlyList<string> Names => [.. checks.Keys];

    public static Task RunAsync(string check, IClusterStand stand, CancellationToken cancellationToken) => checks[check](stand, cancellationToken);

    private static async Task EveryPartOfARecord(IClusterStand stand, CancellationToken cancellation)
    {
        await using var trial = await Trial.StartAsync(stand, 1, cancellation);
        var producer = await trial.BeginAsync();
        Produce(trial, producer);
        await trial.CommitAsync(producer);
        List<string> seen = [];
        await trial.Cluster.ReadAsync(new PartitionRange(trial.Topic, 0, 0, 3), Isolation.ReadCommitted, Take, cancellation);
        Assert.Equal(["0 17 key=k value=v a=1 a= b=null", "1 18 no key value= ", "2 19 key= tombstone "], seen);

        void Take(in FetchedRecord record) => seen.Add(
            $"{record.Offset} {record.TimestampMs} {(record.HasKey ? $"key={Text(record.Key)}" : "no key")} {(record.IsTombstone ? "tombstone" : $"value={Text(record.Value)}")} "
            + string.Join(' ', record.Headers.Select(header => $"{header.Key}={(header.Value is null ? "null" : Text(header.Value))}")));
    }

    private static void Produce(Trial trial, IKafkaProducer producer)
    {
        var topic = trial.Cluster.Topic(trial.Topic);
        var (a, b) = (new KafkaHeaderName("a"), new KafkaHeaderName("b"));
        producer.TryProduce(new KafkaRecord
        {
            Topic = topic,
            Partition = 0,
            Key = "k"u8,
            HasKey = true,
            Value = "v"u8,
            TimestampMs = 17,
            Headers = [new KafkaHeader(a, 0, 1), new KafkaHeader(a, 1, 0), new KafkaHeader(b, 0, -1)],
            HeaderBytes = "1"u8,
        });
        producer.TryProduce(new KafkaRecord { Topic = topic, Partition = 0, TimestampMs = 18 });
        producer.TryProduce(new KafkaRecord { Topic = topic, Partition = 0, HasKey = true, IsTombstone = true, TimestampMs = 19 });
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>What does not get small by compression.</summary>
    private static string Random(int bytes)
    {
        var noise = new byte[bytes];
        new Random(1).NextBytes(noise);
        return Convert.ToBase64String(noise);
    }
}
