using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace CdcFlow.Postgres.Wire;

/// <summary>Reads the fields of one message. Every length is checked against the bytes that are left; nothing is allocated.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> message = message;
    private int position;

    internal readonly int Position => position;

    internal readonly int Remaining => message.Length - position;

    internal byte ReadByte() => Take(1)[0];

    internal short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    internal int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    internal uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    internal long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    internal ulong ReadUInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    internal ReadOnlySpan<byte> ReadBytes(int count) => Take(count);

    /// <summary>The bytes up to a zero byte, which is consumed too.</summary>
    internal ReadOnlySpan<byte> ReadCString()
    {
        var length = message[position..].IndexOf((byte)0);
        if (length < 0)
        {
            throw new PostgresProtocolException("A string in a server message has no end.");
        }

        var text = message.Slice(position, length);
        position += length + 1;
        return text;
    }

    internal readonly void ExpectEnd()
    {
        if (Remaining != 0)
        {
            throw new PostgresProtocolException($"A server message is {Remaining} bytes longer than its fields.");
        }
    }

    // Inlined: decoding a row calls it for every field.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Remaining)
        {
            throw EndsEarly(count, Remaining);
        }

        var bytes = message.Slice(position, count);
        position += count;
        return bytes;
    }

    /// <summary>The error of a message that is shorter than what it announces.</summary>
    internal static PostgresProtocolException EndsEarly(int announced, int left) =>
        new($"A server message ends early: {announced} bytes announced, {left} left.");
}
