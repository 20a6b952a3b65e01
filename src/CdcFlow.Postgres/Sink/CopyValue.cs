using System.Buffers.Binary;
using System.Globalization;
using System.Text.Unicode;
using CdcFlow.Formats;

namespace CdcFlow.Postgres.Sink;

/// <summary>Values in the binary form of <c>COPY</c>: a length, then the type's own bytes, big-endian.</summary>
/// <remarks><see href="https://www.postgresql.org/docs/current/sql-copy.html"/>, "Binary Format"; the types' bytes are those of their send functions.</remarks>
internal static class CopyValue
{
    private static readonly long epochTicks = new DateTime(2000, 1, 1).Ticks;
    private static readonly int epochDay = new DateOnly(2000, 1, 1).DayNumber;

    public static void Null(ByteBuffer output) => Int32(output, -1);

    public static void Append(ByteBuffer output, bool value)
    {
        Int32(output, 1);
        output.Append(value ? (byte)1 : (byte)0);
    }

    public static void Append(ByteBuffer output, short value)
    {
        Int32(output, sizeof(short));
        Int16(output, value);
    }

    public static void Append(ByteBuffer output, int value)
    {
        Int32(output, sizeof(int));
        Int32(output, value);
    }

    public static void Append(ByteBuffer output, long value)
    {
        Int32(output, sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(sizeof(long)), value);
        output.Advance(sizeof(long));
    }

    public static void Append(ByteBuffer output, float value) => Append(output, BitConverter.SingleToInt32Bits(value));

    public static void Append(ByteBuffer output, double value) => Append(output, BitConverter.DoubleToInt64Bits(value));

    public static void Append(ByteBuffer output, decimal value) => CopyNumeric.Append(output, value);

    public static void Append(ByteBuffer output, string value)
    {
        var lengthAt = BeginLength(output);
        var room = output.RoomFor(value);
        Utf8.FromUtf16(value, room, out _, out var written); // half of a surrogate pair is refused by the server
        output.Advance(written);
        EndLength(output, lengthAt);
    }

    public static void Append(ByteBuffer output, Guid value)
    {
        Int32(output, 16);
        value.TryWriteBytes(output.GetSpan(16), bigEndian: true, out var written);
        output.Advance(written);
    }

    /// <summary>Microseconds; a finer part of a second, which the server cannot hold, is cut off.</summary>
    public static void Append(ByteBuffer output, DateTime value) => Append(output, Microseconds(value.Ticks - epochTicks));

    /// <summary>As a text, with <c>Z</c> where its kind is UTC.</summary>
    public static void AppendZoned(ByteBuffer output, DateTime value) =>
        Append(output, value.ToString(value.Kind == DateTimeKind.Utc ? "yyyy-MM-dd HH:mm:ss.ffffff'Z'" : "yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture));

    public static void Append(ByteBuffer output, DateTimeOffset value) => Append(output, Microseconds(value.UtcTicks - epochTicks));

    public static void Append(ByteBuffer output, DateOnly value) => Append(output, value.DayNumber - epochDay);

    public static void Append(ByteBuffer output, TimeOnly value) => Append(output, Microseconds(value.Ticks));

    public static void Append(ByteBuffer output, TimeSpan value)
    {
        Int32(output, 16);
        var days = value.Days;
        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(16), Microseconds(value.Ticks - (days * TimeSpan.TicksPerDay)));
        output.Advance(sizeof(long));
        Int32(output, days);
        Int32(output, 0); // months
    }

    public static void Append(ByteBuffer output, byte[] value)
    {
        Int32(output, value.Length);
        output.Append(value);
    }

    internal static void Int16(ByteBuffer output, short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(output.GetSpan(sizeof(short)), value);
        output.Advance(sizeof(short));
    }

    internal static void Int32(ByteBuffer output, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), value);
        output.Advance(sizeof(int));
    }

    /// <summary>Leaves room for a length that is known later.</summary>
    internal static int BeginLength(ByteBuffer output)
    {
        Int32(output, 0);
        return output.Length;
    }

    internal static void EndLength(ByteBuffer output, int contentAt) =>
        BinaryPrimitives.WriteInt32BigEndian(output.WrittenForUpdate[(contentAt - sizeof(int))..], output.Length - contentAt);

    // Towards the past, so that order is kept on both sides of the epoch.
    private static long Microseconds(long ticks)
    {
        var (quotient, remainder) = Math.DivRem(ticks, TimeSpan.TicksPerMicrosecond);
        return remainder < 0 ? quotient - 1 : quotient;
    }
}
