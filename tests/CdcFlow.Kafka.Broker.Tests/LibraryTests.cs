using CdcFlow.Kafka.Client.Native;

namespace CdcFlow.Kafka.Broker.Tests;

public sealed class LibraryTests
{
    [Fact]
    public void Native_client_is_found_and_of_the_version_that_is_bound() => Assert.Equal(0x020f01ff, Librdkafka.Version());
}
