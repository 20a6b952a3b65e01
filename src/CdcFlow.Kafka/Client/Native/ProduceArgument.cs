using System.Runtime.InteropServices;

namespace CdcFlow.Kafka.Client.Native;

/// <summary>rd_kafka_vu_t: one argument of a produce call, 72 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal unsafe struct ProduceArgument
{
    [FieldOffset(0)]
    public ArgumentKind Kind;

    [FieldOffset(8)]
    public void* Pointer;

    [FieldOffset(8)]
    public long Number;

    [FieldOffset(8)]
    public int Int32;

    /// <summary>Size of memory at <see cref="Pointer"/>.</summary>
    [FieldOffset(16)]
    public nuint Size;

    /// <summary>Of a header, whose name is at <see cref="Pointer"/>.</summary>
    [FieldOffset(16)]
    public void* HeaderValue;

    [FieldOffset(24)]
    public nint HeaderSize;
}

internal enum ArgumentKind
{
    TopicHandle = 2,
    Partition = 3,
    Value = 4,
    Key = 5,
    Flags = 7,
    Timestamp = 8,
    Header = 9,
}
