using System.Buffers.Binary;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Types;

/// <summary>
/// The binary forms that COPY sends for the types of <see cref="PostgresType.HasBinaryValue"/>. Times are microseconds from 2000-01-01,
/// dates days; the extremes stand for the infinities. False: .NET cannot hold the value.
/// </summary>
internal static class BinaryValue
{
    private const int EpochDay = 730_119; // DayNumber of 2000-01-01
    private const long EpochTicks = EpochDay * TimeSpan.TicksPerDay;
    private const long MinMicroseconds = -EpochTicks / TimeSpan.TicksPerMicrosecond;
    private static readonly long maxMicroseconds = (DateTime.MaxValue.Ticks - EpochTicks) / TimeSpan.TicksPerMicrosecond;

    internal static bool Boolean(ReadOnlySpan<byte> bytes) => Sized(bytes, 1)[0] != 0;

    internal static short Int16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt16BigEndian(Sized(bytes, 2));

    internal static int Int32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32BigEndian(Sized(bytes, 4));

    internal static long Int64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64BigEndian(Sized(bytes, 8));

    internal static float Single(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadSingleBigEndian(Sized(bytes, 4));

    internal static double Double(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadDoubleBigEndian(Sized(bytes, 8));

    internal static Guid Uuid(ReadOnlySpan<byte> bytes) => new(Sized(bytes, 16), bigEndian: true);

    internal static bool TryDate(ReadOnlySpan<byte> bytes, out DateOnly value)
    {
        var day = (long)Int32(bytes) + EpochDay;
        var fits = day >= 0 && day <= DateOnly.MaxValue.DayNumber;
        value = fits ? DateOnly.FromDayNumber((int)day) : default;
        return fits;
    }

    internal static TimeSpan Time(ReadOnlySpan<byte> bytes) => new(Int64(bytes) * TimeSpan.TicksPerMicrosecond);

    internal static bool TryTimestamp(ReadOnlySpan<byte> bytes, out DateTime value)
    {
        var microseconds = Int64(bytes);
        var fits = microseconds >= MinMicroseconds && microseconds <= maxMicroseconds;
        value = fits ? new DateTime((microseconds * TimeSpan.TicksPerMicrosecond) + EpochTicks) : default;
        return fits;
    }

    private static ReadOnlySpan<byte> Sized(ReadOnlySpan<byte> bytes, int length) => bytes.Length == length
        ? bytes
        : throw new PostgresProtocolException($"A binary value has {bytes.Length} bytes where its type has {length}.");
}
