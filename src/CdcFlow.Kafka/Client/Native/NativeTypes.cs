using System.Runtime.InteropServices;

namespace CdcFlow.Kafka.Client.Native;

// What librdkafka hands out as pointers; their insides are its own.
internal readonly struct Conf;

internal readonly struct ClientHandle;

internal readonly struct Queue;

internal readonly struct Event;

internal readonly struct Error;

internal readonly struct Topic;

internal readonly struct Headers;

internal readonly struct Node;

internal readonly struct Uuid;

internal readonly struct AdminOptions;

internal readonly struct TopicCollection;

internal readonly struct TopicInfo;

internal readonly struct PartitionInfo;

internal readonly struct NewTopicRequest;

internal readonly struct TopicResult;

internal readonly struct ConfigResource;

internal readonly struct ConfigEntry;

/// <summary>rd_kafka_message_t: a record that was read, or the report on one that was to be delivered.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Message
{
    public ErrorCode Error;
    public Topic* Topic;
    public int Partition;
    public byte* Payload;
    public nuint Length;
    public byte* Key;
    public nuint KeyLength;
    public long Offset;
    public void* Opaque;
}

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

internal enum ClientType
{
    Producer,
    Consumer,
}

[Flags]
internal enum EventType
{
    None = 0,
    DeliveryReports = 0x1,
    Error = 0x8,
    TokenRefresh = 0x100,
}

[Flags]
internal enum PurgeFlags
{
    Queue = 1,
    InFlight = 2,
}

internal enum AdminOperation
{
    CreateTopics = 1,
    DescribeConfigs = 5,
    DescribeTopics = 19,
    DescribeCluster = 20,
}

internal enum ResourceType
{
    Topic = 2,
    Broker = 4,
}

internal enum AclOperation
{
    All = 2,
    Read = 3,
    Write = 4,
    Create = 5,
    Delete = 6,
    Alter = 7,
    Describe = 8,
    ClusterAction = 9,
    DescribeConfigs = 10,
    AlterConfigs = 11,
    IdempotentWrite = 12,
}
