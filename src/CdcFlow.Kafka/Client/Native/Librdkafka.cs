using System.Runtime.InteropServices;

namespace CdcFlow.Kafka.Client.Native;

/// <summary>The functions of librdkafka that are used, as its header declares them.</summary>
/// <remarks>See https://github.com/confluentinc/librdkafka/blob/v2.15.1/src/rdkafka.h.</remarks>
internal static partial class Librdkafka
{
    private const string Library = "librdkafka";

    [LibraryImport(Library, EntryPoint = "rd_kafka_version")]
    internal static partial int Version();
}
