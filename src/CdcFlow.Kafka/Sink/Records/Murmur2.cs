using System.Buffers.Binary;

namespace CdcFlow.Kafka.Sink.Records;

/// <summary>The hash by which JVM producers choose partitions: MurmurHash2 with Kafka's seed.</summary>
/// <remarks>Readers that join topics rely on equal keys being in equal partitions, whoever wrote them.</remarks>
internal static class Murmur2
{
    private const uint Seed = 0x9747b28c;
    private const uint M = 0x5bd1e995;
    private const int R = 24;

    public static int Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = Seed ^ (uint)bytes.Length;
        while (bytes.Length >= sizeof(uint))
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(bytes) * M;
            word = (word ^ (word >> R)) * M;
            hash = (hash * M) ^ word;
            bytes = bytes[sizeof(uint)..];
        }

        if (bytes.Length > 0)
        {
            for (var index = bytes.Length - 1; index >= 0; index--)
            {
                hash ^= (uint)bytes[index] << (8 * index);
            }

            hash *= M;
        }

        hash = (hash ^ (hash >> 13)) * M;
        return (int)(hash ^ (hash >> 15));
    }

    /// <summary>The partition of a key, as Kafka's default partitioner chooses it.</summary>
    public static int Partition(ReadOnlySpan<byte> key, int partitions) => (Hash(key) & int.MaxValue) % partitions;

    /// <summary>The partition of what has no key: one for a whole transaction, the same on every replay.</summary>
    public static int Partition(ulong transaction, int partitions)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, transaction);
        return Partition(bytes, partitions);
    }
}
