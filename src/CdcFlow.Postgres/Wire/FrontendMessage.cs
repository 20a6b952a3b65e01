using System.Buffers.Binary;
using System.Text;

namespace CdcFlow.Postgres.Wire;

/// <summary>Builds one client message: type byte, length that counts itself, fields.</summary>
internal sealed class FrontendMessage
{
    private byte[] bytes = new byte[256];
    private int length;
    private int lengthAt;

    internal ReadOnlySpan<byte> Written => bytes.AsSpan(0, length);

    /// <summary>Starts a message; type 0 is the start-up packet, which has no type byte.</summary>
    internal FrontendMessage Start(byte type = 0)
    {
        length = 0;
        if (type != 0)
        {
            Byte(type);
        }

        lengthAt = length;
        return Int32(0);
    }

    internal FrontendMessage Byte(byte value)
    {
        Room(1)[0] = value;
        return this;
    }

    internal FrontendMessage Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Room(4), value);
        return this;
    }

    internal FrontendMessage UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Room(8), value);
        return this;
    }

    internal FrontendMessage Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length));
        return this;
    }

    internal FrontendMessage CString(string value)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("PostgreSQL text holds no NUL character.", nameof(value));
        }

        return Bytes(Encoding.UTF8.GetBytes(value)).Byte(0);
    }

    internal ReadOnlySpan<byte> End()
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(lengthAt), length - lengthAt);
        return Written;
    }

    private Span<byte> Room(int count)
    {
        if (bytes.Length - length < count)
        {
            Array.Resize(ref bytes, Math.Max(checked(length + count), bytes.Length * 2));
        }

        length += count;
        return bytes.AsSpan(length - count, count);
    }
}
