using System.Text.Json;

namespace CdcFlow.Formats.Json;

/// <summary>Values beyond the scalars of <see cref="Rows.IRowWriter"/>: arrays of scalars, other numbers, JSON itself, and a connector's
/// own value types, which are written as their text.</summary>
internal static class JsonOther
{
    public static void Append<TValue>(ByteBuffer output, TValue value)
    {
        // The runtime takes an array of unsigned numbers for one of signed ones, which would print other numbers.
        if (typeof(TValue) == typeof(sbyte[]) || typeof(TValue) == typeof(ushort[]) || typeof(TValue) == typeof(uint[]) || typeof(TValue) == typeof(ulong[]))
        {
            throw FormatErrors.NoForm(typeof(TValue), "JSON");
        }

        // A switch over known types rather than reflection over the element type: it survives trimming and native compilation.
        switch ((object?)value)
        {
            case null: output.Append("null"u8); break;
            case JsonElement json: AppendRaw(output, json); break;
            case bool?[] items: Array(output, items, JsonValue.Append); break;
            case short?[] items: Array(output, items, JsonValue.Append); break;
            case int?[] items: Array(output, items, JsonValue.Append); break;
            case long?[] items: Array(output, items, JsonValue.Append); break;
            case float?[] items: Array(output, items, JsonValue.Append); break;
            case double?[] items: Array(output, items, JsonValue.Append); break;
            case decimal?[] items: Array(output, items, JsonValue.Append); break;
            case Guid?[] items: Array(output, items, JsonValue.Append); break;
            case DateTime?[] items: Array(output, items, JsonValue.Append); break;
            case DateTimeOffset?[] items: Array(output, items, JsonValue.Append); break;
            case DateOnly?[] items: Array(output, items, JsonValue.Append); break;
            case TimeOnly?[] items: Array(output, items, JsonValue.Append); break;
            case TimeSpan?[] items: Array(output, items, JsonValue.Append); break;
            case bool[] items: Array(output, items, JsonValue.Append); break;
            case short[] items: Array(output, items, JsonValue.Append); break;
            case int[] items: Array(output, items, JsonValue.Append); break;
            case long[] items: Array(output, items, JsonValue.Append); break;
            case float[] items: Array(output, items, JsonValue.Append); break;
            case double[] items: Array(output, items, JsonValue.Append); break;
            case decimal[] items: Array(output, items, JsonValue.Append); break;
            case Guid[] items: Array(output, items, JsonValue.Append); break;
            case DateTime[] items: Array(output, items, JsonValue.Append); break;
            case DateTimeOffset[] items: Array(output, items, JsonValue.Append); break;
            case DateOnly[] items: Array(output, items, JsonValue.Append); break;
            case TimeOnly[] items: Array(output, items, JsonValue.Append); break;
            case TimeSpan[] items: Array(output, items, JsonValue.Append); break;
            case string?[] items: Array(output, items, static (o, item) => AppendOrNull(o, item, JsonValue.Append)); break;
            case byte[]?[] items: Array(output, items, static (o, item) => AppendOrNull(o, item, JsonValue.Append)); break;
            case byte number: output.AppendText(number); break;
            case sbyte number: output.AppendText(number); break;
            case ushort number: output.AppendText(number); break;
            case uint number: output.AppendText(number); break;
            case ulong number: output.AppendText(number); break;
            case IFormattable text: JsonText.Append(output, text.ToString(null, System.Globalization.CultureInfo.InvariantCulture)); break;
            default: throw FormatErrors.NoForm(typeof(TValue), "JSON");
        }
    }

    private static void Array<TItem>(ByteBuffer output, TItem[] items, Action<ByteBuffer, TItem> append)
    {
        output.Append((byte)'[');
        for (var index = 0; index < items.Length; index++)
        {
            if (index > 0)
            {
                output.Append((byte)',');
            }

            append(output, items[index]);
        }

        output.Append((byte)']');
    }

    private static void Array<TItem>(ByteBuffer output, TItem?[] items, Action<ByteBuffer, TItem> append)
        where TItem : struct =>
        Array<TItem?>(output, items, (o, item) =>
        {
            if (item is { } present)
            {
                append(o, present);
            }
            else
            {
                o.Append("null"u8);
            }
        });

    private static void AppendOrNull<TItem>(ByteBuffer output, TItem? item, Action<ByteBuffer, TItem> append)
        where TItem : class
    {
        if (item is null)
        {
            output.Append("null"u8);
        }
        else
        {
            append(output, item);
        }
    }

    // Written anew instead of copied, so that a line break inside it cannot end the line.
    private static void AppendRaw(ByteBuffer output, JsonElement json)
    {
        using var writer = new Utf8JsonWriter(output);
        json.WriteTo(writer);
    }
}
