using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Client.Native;

namespace CdcFlow.Kafka.Broker.Tests;

public sealed class LibraryTests
{
    [Fact]
    public void Native_client_is_found_and_of_the_version_that_is_bound() => Assert.Equal(0x021000ff, Librdkafka.Version());

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
}
