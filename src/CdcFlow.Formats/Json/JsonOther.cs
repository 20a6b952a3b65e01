using System.Globalization;
using System.Text.Json;

namespace CdcFlow.Formats.Json;

/// <summary>Values beyond the scalars of <see cref="Rows.IRowWriter"/>: arrays of scalars, other numbers, JSON itself, and a connector's
/// own value types, which are written as their text.</summary>
internal static class JsonOther
{
    public static void Append<TValue>(ByteBuffer output, TValue value)
    {
        var start = output.Length;
        var items = new JsonRowWriter(output, JsonMembers.Items, unchanged: null);
        if (ArrayItems.TryWrite(value, ref items))
        {
            JsonMembers.Enclose(output, start, '[', ']');
            return;
        }

        switch ((object?)value)
        {
            case null: output.Append("null"u8); break;
            case Dictionary<string, string?> pairs: AppendPairs(output, pairs); break;
            case JsonElement { ValueKind: JsonValueKind.Undefined }: throw FormatErrors.NoJson();
            case JsonElement json: AppendRaw(output, json); break;
            case byte number: output.AppendText(number); break;
            case sbyte number: output.AppendText(number); break;
            case ushort number: output.AppendText(number); break;
            case uint number: output.AppendText(number); break;
            case ulong number: output.AppendText(number); break;
            case IFormattable text: JsonText.Append(output, text.ToString(null, CultureInfo.InvariantCulture)); break;
            default: throw FormatErrors.NoForm(typeof(TValue), "JSON");
        }
    }

    // Written anew instead of copied, so that a line break inside it cannot end the line.
    private static void AppendRaw(ByteBuffer output, JsonElement json)
    {
        var start = output.Length;
        try
        {
            using var writer = new Utf8JsonWriter(output);
            json.WriteTo(writer);
            return;
        }
        catch (InvalidOperationException)
        {
            // A text in it holds half of a surrogate pair, which JSON can spell and the writer cannot.
        }

        output.Truncate(start);
        JsonText.AppendOnOneLine(output, json.GetRawText());
    }

    private static void AppendPairs(ByteBuffer output, Dictionary<string, string?> pairs)
    {
        var start = output.Length;
        foreach (var (name, value) in pairs)
        {
            output.Append((byte)',');
            JsonText.Append(output, name);
            output.Append((byte)':');
            if (value is null)
            {
                output.Append("null"u8);
            }
            else
            {
                JsonText.Append(output, value);
            }
        }

        JsonMembers.Enclose(output, start, '{', '}');
    }
}
