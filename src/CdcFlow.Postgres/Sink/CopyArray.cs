using System.Text.Json;
using CdcFlow.Formats;
using CdcFlow.Postgres.Types;

namespace CdcFlow.Postgres.Sink;

/// <summary>Values beyond the scalars of <see cref="Rows.IRowWriter"/>: arrays of them in the binary form, everything else as its text.</summary>
internal static class CopyArray
{
    public static void Append<TValue>(ByteBuffer output, TValue value)
    {
        // A switch over known types rather than reflection over the element type: it survives trimming and native compilation.
        switch ((object?)value)
        {
            case null: CopyValue.Null(output); break;
            case bool?[] items: Items(output, items, 16, CopyValue.Append); break;
            case short?[] items: Items(output, items, 21, CopyValue.Append); break;
            case int?[] items: Items(output, items, 23, CopyValue.Append); break;
            case long?[] items: Items(output, items, 20, CopyValue.Append); break;
            case float?[] items: Items(output, items, 700, CopyValue.Append); break;
            case double?[] items: Items(output, items, 701, CopyValue.Append); break;
            case decimal?[] items: Items(output, items, 1700, CopyValue.Append); break;
            case Guid?[] items: Items(output, items, 2950, CopyValue.Append); break;
            case DateTime?[] items: Items(output, items, 1114, CopyValue.Append); break;
            case DateTimeOffset?[] items: Items(output, items, 1184, CopyValue.Append); break;
            case DateOnly?[] items: Items(output, items, 1082, CopyValue.Append); break;
            case TimeOnly?[] items: Items(output, items, 1083, CopyValue.Append); break;
            case TimeSpan?[] items: Items(output, items, 1186, CopyValue.Append); break;
            case string?[] items: Items(output, items, 25, static (o, item) => AppendOrNull(o, item, CopyValue.Append)); break;
            case byte[]?[] items: Items(output, items, 17, static (o, item) => AppendOrNull(o, item, CopyValue.Append)); break;
            case bool[] items: Items(output, items, 16, CopyValue.Append); break;
            case short[] items: Items(output, items, 21, CopyValue.Append); break;
            case int[] items: Items(output, items, 23, CopyValue.Append); break;
            case long[] items: Items(output, items, 20, CopyValue.Append); break;
            case float[] items: Items(output, items, 700, CopyValue.Append); break;
            case double[] items: Items(output, items, 701, CopyValue.Append); break;
            case decimal[] items: Items(output, items, 1700, CopyValue.Append); break;
            case Guid[] items: Items(output, items, 2950, CopyValue.Append); break;
            case DateTime[] items: Items(output, items, 1114, CopyValue.Append); break;
            case DateTimeOffset[] items: Items(output, items, 1184, CopyValue.Append); break;
            case DateOnly[] items: Items(output, items, 1082, CopyValue.Append); break;
            case TimeOnly[] items: Items(output, items, 1083, CopyValue.Append); break;
            case TimeSpan[] items: Items(output, items, 1186, CopyValue.Append); break;
            case Dictionary<string, string?> pairs: CopyValue.Append(output, HstoreText.Write(pairs)); break;
            case JsonElement { ValueKind: JsonValueKind.Undefined }: throw PostgresSinkErrors.NoJson();
            case JsonElement json: CopyValue.Append(output, json.GetRawText()); break;
            case IFormattable text: CopyValue.Append(output, text.ToString(null, System.Globalization.CultureInfo.InvariantCulture)); break;
            default: CopyValue.Append(output, value!.ToString() ?? ""); break;
        }
    }

    private static void Items<TItem>(ByteBuffer output, TItem[] items, int elementOid, Action<ByteBuffer, TItem> append)
    {
        var contentAt = CopyValue.BeginLength(output);
        CopyValue.Int32(output, items.Length == 0 ? 0 : 1); // dimensions: an empty array has none
        CopyValue.Int32(output, 1); // there may be nulls
        CopyValue.Int32(output, elementOid);
        if (items.Length > 0)
        {
            CopyValue.Int32(output, items.Length);
            CopyValue.Int32(output, 1); // lower bound
        }

        foreach (var item in items)
        {
            append(output, item);
        }

        CopyValue.EndLength(output, contentAt);
    }

    private static void Items<TItem>(ByteBuffer output, TItem?[] items, int elementOid, Action<ByteBuffer, TItem> append)
        where TItem : struct =>
        Items<TItem?>(output, items, elementOid, (o, item) =>
        {
            if (item is { } present)
            {
                append(o, present);
            }
            else
            {
                CopyValue.Null(o);
            }
        });

    private static void AppendOrNull<TItem>(ByteBuffer output, TItem? item, Action<ByteBuffer, TItem> append)
        where TItem : class
    {
        if (item is null)
        {
            CopyValue.Null(output);
        }
        else
        {
            append(output, item);
        }
    }
}
