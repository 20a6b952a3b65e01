using System.Runtime.InteropServices;
using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Tests;

public sealed class KafkaRecordTests
{
    [Fact]
    public unsafe void Name_of_a_header_is_a_c_string() =>
        Assert.True(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(new KafkaHeaderName("cdc-pos").Pointer).SequenceEqual("cdc-pos"u8));
}
