using System.Buffers;
using System.Collections;
using System.Net;
using System.Net.NetworkInformation;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace CdcFlow.Postgres.Types;

/// <summary>The CLR types that a column can be read into, and which column types each takes. A closed table: nothing is found by reflection.</summary>
internal static class TextDecoders
{
    private static readonly Dictionary<Type, ITextDecoder> all = [];

    static TextDecoders()
    {
        Add<string>(static (text, _, out value) => Text(text, out value), takesNull: true);
        AddValue<bool>(static (text, _, out value) => Bool(text, out value));
        AddIntegers();
        AddValue<float>(static (text, _, out value) => NumberText.TrySingle(text, out value));
        AddValue<double>(static (text, type, out value) => Double(text, type, out value));
        AddValue<decimal>(static (text, type, out value) =>
            type.Kind == ValueKind.Money ? NumberText.TryMoney(text, type.MoneyScale, out value) : NumberText.TryDecimal(text, out value));
        AddValue<PostgresNumeric>(static (text, _, out value) => PostgresNumeric.TryParse(text, out value));
        AddValue<Guid>(static (text, _, out value) => Uuid(text, out value));
        AddTemporal();
        Add<byte[]>(static (text, _, out value) => Bytes(text, out value), takesNull: true);
        Add<IPAddress>(static (text, _, out value) => IPAddress.TryParse(Encoding.UTF8.GetString(text), out value!), takesNull: true);
        AddValue<IPNetwork>(static (text, _, out value) => IPNetwork.TryParse(Encoding.UTF8.GetString(text), out value));
        Add<PhysicalAddress>(static (text, _, out value) => PhysicalAddress.TryParse(Encoding.UTF8.GetString(text), out value!), takesNull: true);
        Add<BitArray>(static (text, _, out value) => BitText.TryRead(text, out value), takesNull: true);
        AddValue<JsonElement>(static (text, _, out value) => JsonColumnText.TryRead(text, out value));
        AddVector();
        Add<Dictionary<string, string?>>(static (text, _, out value) => HstoreText.TryRead(text, out value), takesNull: true);
    }

    /// <summary>The types that have a decoder.</summary>
    internal static IReadOnlyCollection<Type> Types => all.Keys;

    /// <summary>The decoder for a property's type; null when no column can be read into it.</summary>
    internal static ITextDecoder? For(Type clrType) => all.GetValueOrDefault(clrType);

    private static void AddIntegers()
    {
        AddValue<short>(static (text, _, out value) => NumberText.TryInt16(text, out value));
        AddValue<int>(static (text, _, out value) => NumberText.TryInt32(text, out value));
        AddValue<long>(static (text, _, out value) => NumberText.TryInt64(text, out value));
        AddValue<byte>(static (text, _, out value) => Narrow(text, out value));
        AddValue<ushort>(static (text, _, out value) => Narrow(text, out value));
        AddValue<uint>(static (text, _, out value) => Narrow(text, out value));
        AddValue<ulong>(static (text, _, out value) => NumberText.TryUInt64(text, out value));
    }

    private static void AddTemporal()
    {
        AddValue<DateOnly>(static (text, _, out value) => TemporalText.TryDate(text, out value));
        AddValue<TimeOnly>(static (text, _, out value) => TemporalText.TryTimeOnly(text, out value));
        AddValue<TimeSpan>(static (text, type, out value) => Length(text, type, out value));
        AddValue<DateTime>(static (text, type, out value) => Moment(text, type, out value));
        AddValue<DateTimeOffset>(static (text, _, out value) => TemporalText.TryInstant(text, out value));
        AddValue<PostgresTimeTz>(static (text, _, out value) => TemporalText.TryTimeTz(text, out value));
        AddValue<PostgresInterval>(static (text, _, out value) => IntervalText.TryParse(text, out value));
        AddRange<int>(static (text, _, out value) => NumberText.TryInt32(text, out value));
        AddRange<long>(static (text, _, out value) => NumberText.TryInt64(text, out value));
        AddRange<decimal>(static (text, _, out value) => NumberText.TryDecimal(text, out value));
        AddRange<DateOnly>(static (text, _, out value) => TemporalText.TryDate(text, out value));
        AddRange<DateTime>(static (text, type, out value) => Moment(text, type, out value));
        AddRange<DateTimeOffset>(static (text, _, out value) => TemporalText.TryInstant(text, out value));
    }

    /// <summary>A value type: itself, and arrays of it with and without NULL.</summary>
    private static void AddValue<T>(TryDecode<T> decode)
        where T : struct
    {
        Add(decode, takesNull: false);
        AddArray(new TryDecode<T?>((text, type, out value) =>
        {
            var fits = decode(text, type, out var decoded);
            value = decoded;
            return fits;
        }), takesNull: true);
    }

    // A vector is an array of numbers to C#.
    private static void AddVector()
    {
        var ofArray = (TextDecoder<float[]>)all[typeof(float[])];
        all[typeof(float[])] = new TextDecoder<float[]>(
            ofArray.Accepts, (text, type, out value) => type.Kind == ValueKind.Vector ? VectorText.TryRead(text, out value) : ofArray.Decode(text, type, out value));
    }

    private static void AddRange<T>(TryDecode<T> decode)
        where T : struct
    {
        Add(new TryDecode<PostgresRange<T>>((text, type, out value) => RangeText.TryRead(text, type, decode, out value)), takesNull: false);

        // A multirange is an array of ranges to C#; so is an array of a range type.
        var ofArray = (TextDecoder<PostgresRange<T>[]>)all[typeof(PostgresRange<T>[])];
        all[typeof(PostgresRange<T>[])] = new TextDecoder<PostgresRange<T>[]>(ofArray.Accepts, (text, type, out value) => type.Kind == ValueKind.Multirange
            ? RangeText.TryReadMulti(text, type, decode, out value)
            : ofArray.Decode(text, type, out value));
    }

    private static void Add<T>(TryDecode<T> decode, bool takesNull)
    {
        all.Add(typeof(T), new TextDecoder<T>(Accepts(typeof(T)), decode));
        AddArray(decode, takesNull);
    }

    private static void AddArray<T>(TryDecode<T> decode, bool takesNull)
    {
        if (typeof(T) != typeof(byte)) // byte[] is bytea
        {
            all.Add(typeof(T[]), new TextDecoder<T[]>(
                Accepts(typeof(T[])), (text, type, out value) => ArrayText.TryRead(text, type, decode, takesNull, out value)));
        }
    }

    private static Func<PostgresType, bool> Accepts(Type property)
    {
        var shape = ShapeOf(property);
        return type => ColumnFit.Takes(shape, type.Shape);
    }

    // As the compiler makes it of a symbol.
    private static PropertyShape ShapeOf(Type type) =>
        type.IsArray ? new PropertyShape(PropertyShape.Array, ShapeOf(type.GetElementType()!))
        : Nullable.GetUnderlyingType(type) is { } value ? new PropertyShape(PropertyShape.Nullable, ShapeOf(value))
        : !type.IsGenericType ? new PropertyShape(type.FullName!)
        : type.GetGenericTypeDefinition() == typeof(PostgresRange<>) ? new PropertyShape(PropertyShape.Range, ShapeOf(type.GenericTypeArguments[0]))
        : new PropertyShape($"{type.Namespace}.{type.Name.Split('`')[0]}<{string.Join(", ", type.GenericTypeArguments.Select(argument => ShapeOf(argument).Name))}>");

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
