using System.Buffers;
using System.Net;
using System.Net.NetworkInformation;
using System.Numerics;
using System.Text;

namespace CdcFlow.Postgres.Types;

/// <summary>The CLR types that a column can be read into, and which column types each takes. A closed table: nothing is found by reflection.</summary>
internal static class TextDecoders
{
    private static readonly Dictionary<Type, ITextDecoder> all = [];

    static TextDecoders()
    {
        Add<string>(static (text, _, out value) => Text(text, out value), static _ => true, takesNull: true);
        AddValue<bool>(static (text, _, out value) => Bool(text, out value), ValueKind.Boolean, ValueKind.Bit);
        AddIntegers();
        AddValue<float>(static (text, _, out value) => NumberText.TrySingle(text, out value), ValueKind.Single);
        AddValue<double>(static (text, type, out value) => Double(text, type, out value), ValueKind.Double, ValueKind.Single, ValueKind.Int16, ValueKind.Int32);
        AddValue<decimal>(
            static (text, type, out value) =>
                type.Kind == ValueKind.Money ? NumberText.TryMoney(text, type.MoneyScale, out value) : NumberText.TryDecimal(text, out value),
            ValueKind.Numeric, ValueKind.Money, ValueKind.Int16, ValueKind.Int32, ValueKind.Int64);
        AddValue<PostgresNumeric>(
            static (text, _, out value) => PostgresNumeric.TryParse(text, out value),
            ValueKind.Numeric, ValueKind.Int16, ValueKind.Int32, ValueKind.Int64);
        AddValue<Guid>(static (text, _, out value) => Uuid(text, out value), ValueKind.Uuid);
        AddTemporal();
        Add<byte[]>(static (text, _, out value) => Bytes(text, out value), static type => type.Kind == ValueKind.Bytea, takesNull: true);
        Add<IPAddress>(static (text, _, out value) => IPAddress.TryParse(Encoding.UTF8.GetString(text), out value!), Of(ValueKind.Inet), takesNull: true);
        AddValue<IPNetwork>(static (text, _, out value) => IPNetwork.TryParse(Encoding.UTF8.GetString(text), out value), ValueKind.Cidr);
        Add<PhysicalAddress>(
            static (text, _, out value) => PhysicalAddress.TryParse(Encoding.UTF8.GetString(text), out value!),
            Of(ValueKind.MacAddr), takesNull: true);
        Add<Dictionary<string, string?>>(static (text, _, out value) => HstoreText.TryRead(text, out value), Of(ValueKind.Hstore), takesNull: true);
    }

    /// <summary>The decoder for a property's type; null when no column can be read into it.</summary>
    internal static ITextDecoder? For(Type clrType) => all.GetValueOrDefault(clrType);

    private static void AddIntegers()
    {
        AddValue<short>(static (text, _, out value) => NumberText.TryInt16(text, out value), ValueKind.Int16);
        AddValue<int>(static (text, _, out value) => NumberText.TryInt32(text, out value), ValueKind.Int32, ValueKind.Int16);
        AddValue<long>(static (text, _, out value) => NumberText.TryInt64(text, out value), ValueKind.Int64, ValueKind.Int32, ValueKind.Int16, ValueKind.UInt32);
        AddValue<byte>(static (text, _, out value) => Narrow(text, out value), ValueKind.Int16);
        AddValue<ushort>(static (text, _, out value) => Narrow(text, out value), ValueKind.Int32);
        AddValue<uint>(static (text, _, out value) => Narrow(text, out value), ValueKind.UInt32, ValueKind.Int64);
        AddValue<ulong>(
            static (text, _, out value) => NumberText.TryUInt64(text, out value),
            ValueKind.UInt64, ValueKind.UInt32, ValueKind.Int64, ValueKind.Numeric);
    }

    private static void AddTemporal()
    {
        AddValue<DateOnly>(static (text, _, out value) => TemporalText.TryDate(text, out value), ValueKind.Date);
        AddValue<TimeOnly>(static (text, _, out value) => TemporalText.TryTimeOnly(text, out value), ValueKind.Time);
        AddValue<TimeSpan>(static (text, type, out value) => Length(text, type, out value), ValueKind.Interval, ValueKind.Time);
        AddValue<DateTime>(static (text, type, out value) => Moment(text, type, out value), ValueKind.Timestamp, ValueKind.TimestampTz, ValueKind.Date);
        AddValue<DateTimeOffset>(static (text, _, out value) => TemporalText.TryInstant(text, out value), ValueKind.TimestampTz);
        AddValue<PostgresTimeTz>(static (text, _, out value) => TemporalText.TryTimeTz(text, out value), ValueKind.TimeTz);
        AddValue<PostgresInterval>(static (text, _, out value) => IntervalText.TryParse(text, out value), ValueKind.Interval);
        AddRange<int>(static (text, _, out value) => NumberText.TryInt32(text, out value), ValueKind.Int32);
        AddRange<long>(static (text, _, out value) => NumberText.TryInt64(text, out value), ValueKind.Int64, ValueKind.Int32);
        AddRange<decimal>(static (text, _, out value) => NumberText.TryDecimal(text, out value), ValueKind.Numeric);
        AddRange<DateOnly>(static (text, _, out value) => TemporalText.TryDate(text, out value), ValueKind.Date);
        AddRange<DateTime>(static (text, type, out value) => Moment(text, type, out value), ValueKind.Timestamp, ValueKind.TimestampTz);
        AddRange<DateTimeOffset>(static (text, _, out value) => TemporalText.TryInstant(text, out value), ValueKind.TimestampTz);
    }

    /// <summary>A value type: itself, and arrays of it with and without NULL.</summary>
    private static void AddValue<T>(TryDecode<T> decode, params ValueKind[] kinds)
        where T : struct
    {
        Add(decode, Of(kinds), takesNull: false);
        AddArray(new TryDecode<T?>((text, type, out value) =>
        {
            var fits = decode(text, type, out var decoded);
            value = decoded;
            return fits;
        }), Of(kinds), takesNull: true);
    }

    private static void AddRange<T>(TryDecode<T> decode, params ValueKind[] kinds)
        where T : struct
    {
        var bounds = Of(kinds);
        Add(
            new TryDecode<PostgresRange<T>>((text, type, out value) => RangeText.TryRead(text, type, decode, out value)),
            type => type is { Kind: ValueKind.Range, Element: { } bound } && bounds(bound),
            takesNull: false);

        // A multirange is an array of ranges to C#; so is an array of a range type.
        var ofArray = (TextDecoder<PostgresRange<T>[]>)all[typeof(PostgresRange<T>[])];
        all[typeof(PostgresRange<T>[])] = new TextDecoder<PostgresRange<T>[]>(
            type => ofArray.Accepts(type) || (type is { Kind: ValueKind.Multirange, Element.Element: { } bound } && bounds(bound)),
            (text, type, out value) => type.Kind == ValueKind.Multirange
                ? RangeText.TryReadMulti(text, type, decode, out value)
                : ofArray.Decode(text, type, out value));
    }

    private static void Add<T>(TryDecode<T> decode, Func<PostgresType, bool> accepts, bool takesNull)
    {
        all.Add(typeof(T), new TextDecoder<T>(accepts, decode));
        AddArray(decode, accepts, takesNull);
    }

    private static void AddArray<T>(TryDecode<T> decode, Func<PostgresType, bool> accepts, bool takesNull)
    {
        if (typeof(T) != typeof(byte)) // byte[] is bytea
        {
            all.Add(typeof(T[]), new TextDecoder<T[]>(
                type => type is { Kind: ValueKind.Array, Element: { } element } && accepts(element),
                (text, type, out value) => ArrayText.TryRead(text, type, decode, takesNull, out value)));
        }
    }

    private static Func<PostgresType, bool> Of(params ValueKind[] kinds) => type => kinds.Contains(type.Kind);

    // Replacing bytes that are no UTF-8 would change the value.
    private static bool Text(ReadOnlySpan<byte> text, out string value)
    {
        var isText = System.Text.Unicode.Utf8.IsValid(text);
        value = isText ? Encoding.UTF8.GetString(text) : "";
        return isText;
    }

    private static bool Narrow<T>(ReadOnlySpan<byte> text, out T value)
        where T : struct, IBinaryInteger<T>
    {
        var isNumber = NumberText.TryInt64(text, out var wide);
        value = T.CreateTruncating(wide);
        return isNumber && wide >= 0 && long.CreateTruncating(value) == wide;
    }

    // 't' and 'f'; of bit(1), '1' and '0'.
    private static bool Bool(ReadOnlySpan<byte> text, out bool value)
    {
        value = text is [(byte)'t' or (byte)'1'];
        return text is [(byte)'t' or (byte)'f' or (byte)'0' or (byte)'1'];
    }

    // real first becomes the float it is: its digits are shortest for 32 bits, not for 64.
    private static bool Double(ReadOnlySpan<byte> text, PostgresType type, out double value)
    {
        if (type.Kind != ValueKind.Single)
        {
            return NumberText.TryDouble(text, out value);
        }

        var fits = NumberText.TrySingle(text, out var single);
        value = single;
        return fits;
    }

    private static bool Uuid(ReadOnlySpan<byte> text, out Guid value) =>
        System.Buffers.Text.Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    private static bool Bytes(ReadOnlySpan<byte> text, out byte[] value)
    {
        if (!text.StartsWith("\\x"u8))
        {
            value = [];
            return false;
        }

        value = new byte[(text.Length - 2) / 2];
        return Convert.FromHexString(text[2..], value, out _, out var written) == OperationStatus.Done && written == value.Length;
    }

    private static bool Length(ReadOnlySpan<byte> text, PostgresType type, out TimeSpan value)
    {
        value = default;
        return type.Kind == ValueKind.Time
            ? TemporalText.TryTime(text, out value)
            : IntervalText.TryParse(text, out var interval) && interval.TryToTimeSpan(out value);
    }

    private static bool Moment(ReadOnlySpan<byte> text, PostgresType type, out DateTime value)
    {
        switch (type.Kind)
        {
            case ValueKind.Timestamp:
                return TemporalText.TryTimestamp(text, out value);
            case ValueKind.Date:
                var isDate = TemporalText.TryDate(text, out var date);
                value = date.ToDateTime(default);
                return isDate;
            default:
                var isInstant = TemporalText.TryInstant(text, out var instant);
                value = instant.UtcDateTime;
                return isInstant;
        }
    }
}
