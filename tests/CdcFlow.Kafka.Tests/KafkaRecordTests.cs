using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Tests;

public sealed class KafkaRecordTests
{
    [Fact]
    public void Name_of_a_header_ends_in_a_zero() => Assert.Equal("cdc-pos\0"u8.ToArray(), new KafkaHeaderName("cdc-pos").Terminated);
}
