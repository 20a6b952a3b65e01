using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Client.Native;

namespace CdcFlow.Kafka.Broker.Tests;

public sealed class LibraryTests(SharedBroker broker)
{
    [Fact]
    public void Native_client_is_found_and_of_the_version_that_is_bound() => Assert.Equal(0x021000ff, NativeLibrary.Version());

    [Theory]
    [InlineData(KafkaCompression.None)]
    [InlineData(KafkaCompression.Gzip)]
    [InlineData(KafkaCompression.Snappy)]
    [InlineData(KafkaCompression.Lz4)]
    [InlineData(KafkaCompression.Zstd)]
    public async Task Compression_that_the_library_has_is_taken_and_another_is_refused_by_name(KafkaCompression compression)
    {
        await using var cluster = TestCluster.Connect("localhost:1"); // nothing is connected to
        var options = new ProducerOptions(null, TimeSpan.FromSeconds(10)) { Compression = compression };
        if (await Record.ExceptionAsync(async () => await (await cluster.OpenProducerAsync(options, TestContext.Current.CancellationToken)).DisposeAsync()) is { } refusal)
        {
            Assert.Equal(("CDCF5216", KafkaCompression.Zstd), (Assert.IsType<CdcFlowException>(refusal).Code, compression));
        }
    }

    [Fact, Trait("WayOut", "CDCF5216")]
    public async Task Compression_that_the_library_lacks_gives_way_to_the_one_that_is_always_there()
    {
        await using var cluster = TestCluster.Connect((await broker.StartAsync()).ConnectionString);
        var topic = await cluster.NewTopicAsync();
        var options = new ProducerOptions(null, TimeSpan.FromSeconds(10)) { Compression = (KafkaCompression)99 };
        for (var start = 1; start <= 2; start++)
        {
            var refusal = await Assert.ThrowsAsync<CdcFlowException>(async () => await cluster.OpenProducerAsync(options, TestContext.Current.CancellationToken));
            Assert.Equal("CDCF5216", refusal.Code);
            Assert.StartsWith("Set Compression to Lz4, which is always there", refusal.Fix, StringComparison.Ordinal);
        }

        await using var producer = await cluster.OpenProducerAsync(options with { Compression = KafkaCompression.Lz4 }, TestContext.Current.CancellationToken);
        producer.Put(cluster, topic, "one");
        await producer.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["one"], await cluster.ValuesAsync(topic));
    }

    [Fact]
    public async Task Records_of_transactions_go_through_the_packages_handle_which_is_where_it_was()
    {
        Assert.NotNull(Librdkafka.Find());
        await using var cluster = TestCluster.Connect((await broker.StartAsync()).ConnectionString);
        await using var native = await cluster.OpenProducerAsync(TestCluster.Transactional("handle"), TestContext.Current.CancellationToken);
        await using var reported = await cluster.OpenProducerAsync(new ProducerOptions(null, TimeSpan.FromSeconds(10)), TestContext.Current.CancellationToken);
        Assert.Equal((true, false), (((KafkaProducer)native).IsNative, ((KafkaProducer)reported).IsNative)); // outside transactions, nothing but a report tells of a refusal
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Records_are_the_same_where_the_handle_has_moved_and_the_packages_own_produce_takes_them(bool hasMoved)
    {
        await using var cluster = TestCluster.Connect((await broker.StartAsync()).ConnectionString);
        var topic = await cluster.NewTopicAsync(1, ("max.message.bytes", "1000"));
        var options = TestCluster.Transactional($"{topic}-a") with { UsesPackageProduce = hasMoved, Compression = KafkaCompression.None };
        await using (var producer = await cluster.OpenProducerAsync(options, TestContext.Current.CancellationToken))
        {
            Assert.Equal(!hasMoved, ((KafkaProducer)producer).IsNative);
            await producer.BeginAsync(TestContext.Current.CancellationToken);
            KafkaHeader[] headers = [new(new KafkaHeaderName("a"), 0, 1), new(new KafkaHeaderName("none"), 0, -1), new(new KafkaHeaderName("empty"), 0, 0)];
            producer.TryProduce(new KafkaRecord { Topic = cluster.Topic(topic), Partition = 0, Key = "k"u8, HasKey = true, Value = "v"u8, TimestampMs = 1234567890123, Headers = headers, HeaderBytes = "x"u8 });
            producer.TryProduce(new KafkaRecord { Topic = cluster.Topic(topic), Partition = 0, HasKey = true, Value = default, TimestampMs = 1 });
            producer.TryProduce(new KafkaRecord { Topic = cluster.Topic(topic), Partition = 0, IsTombstone = true, TimestampMs = 1 });
            Assert.Equal(ProduceResult.TooLarge, producer.Put(cluster, topic, new string('x', 1_000_001)));
            await producer.FlushAsync(TestContext.Current.CancellationToken);
            await producer.CommitAsync(TestContext.Current.CancellationToken);
        }

        await using (var refused = await cluster.OpenProducerAsync(options, TestContext.Current.CancellationToken))
        {
            await refused.BeginAsync(TestContext.Current.CancellationToken);
            refused.Put(cluster, topic, new string('x', 5000));
            Assert.Equal(KafkaFailure.RecordTooLarge, (await Assert.ThrowsAsync<KafkaException>(async () => await refused.FlushAsync(TestContext.Current.CancellationToken))).Failure);
        }

        List<string> seen = [];
        await cluster.ReadAsync(new PartitionRange(topic, 0, 0, 4), Isolation.ReadCommitted, Take, TestContext.Current.CancellationToken);
        Assert.Equal(["k=v@1234567890123 a:x none:null empty:", "=@1 ", "null=null@1 "], seen);

        void Take(in FetchedRecord record) => seen.Add(
            $"{Text(record.HasKey ? record.Key.ToArray() : null)}={Text(record.IsTombstone ? null : record.Value.ToArray())}@{record.TimestampMs} "
            + string.Join(' ', record.Headers.Select(header => $"{header.Key}:{Text(header.Value)}")));
    }

    private static string Text(byte[]? bytes) => bytes is null ? "null" : System.Text.Encoding.UTF8.GetString(bytes);
}
