using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace CdcFlow.Kafka.Client;

/// <summary>A topic's name as handed over with every record.</summary>
/// <param name="name">The name.</param>
/// <param name="index">A small number of its own, so that a producer finds its handle without hashing the name.</param>
internal sealed class KafkaTopic(string name, int index)
{
    public string Name { get; } = name;

    public int Index { get; } = index;

    /// <summary>How many partitions the cluster was seen to have of it; 0 before anybody asked.</summary>
    internal int PartitionsSeen { get; set; }

    public override string ToString() => Name;
}

/// <summary>A record to produce. Nothing of it is kept after the call that takes it.</summary>
internal readonly ref struct KafkaRecord
{
    public required KafkaTopic Topic { get; init; }

    /// <summary>The partition; always chosen by the caller.</summary>
    public required int Partition { get; init; }

    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>Whether there is a key; without, <see cref="Key"/> is empty.</summary>
    public bool HasKey { get; init; }

    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>Whether the value is null, which compaction takes for a delete of the key.</summary>
    public bool IsTombstone { get; init; }

    /// <summary>Milliseconds since 1970; 0 for now.</summary>
    public long TimestampMs { get; init; }

    public ReadOnlySpan<KafkaHeader> Headers { get; init; }

    /// <summary>What the headers' values are cut from.</summary>
    public ReadOnlySpan<byte> HeaderBytes { get; init; }
}

/// <summary>A header of a record: a part of <see cref="KafkaRecord.HeaderBytes"/>; a length of -1 is a null value.</summary>
internal readonly record struct KafkaHeader(KafkaHeaderName Name, int Start, int Length);

/// <summary>A header's name, made once: in the form in which the native client takes it.</summary>
internal sealed class KafkaHeaderName
{
    public KafkaHeaderName(string text)
    {
        Text = text;
        Terminated = GC.AllocateArray<byte>(Encoding.UTF8.GetByteCount(text) + 1, pinned: true);
        Encoding.UTF8.GetBytes(text, Terminated);
    }

    public string Text { get; }

    /// <summary>UTF-8 with a zero at its end, in memory that does not move.</summary>
    public byte[] Terminated { get; }

    /// <summary>Where that is; good as long as this object lives.</summary>
    internal unsafe byte* Pointer => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(Terminated));

    public override string ToString() => Text;
}
