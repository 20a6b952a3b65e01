using System.Buffers.Text;

namespace CdcFlow.Formats.Json;

/// <summary>One value as JSON: numbers with all their digits, everything else that is no boolean as a string.</summary>
internal static class JsonValue
{
    public static void Append(Utf8Buffer output, bool value) => ScalarText.Append(output, value);

    public static void Append(Utf8Buffer output, short value) => output.AppendText(value);

    public static void Append(Utf8Buffer output, int value) => output.AppendText(value);

    public static void Append(Utf8Buffer output, long value) => output.AppendText(value);

    public static void Append(Utf8Buffer output, decimal value) => ScalarText.Append(output, value);

    public static void Append(Utf8Buffer output, double value)
    {
        var quote = !double.IsFinite(value); // JSON has no number for NaN and the infinities
        Quote(output, quote);
        ScalarText.Append(output, value);
        Quote(output, quote);
    }

    public static void Append(Utf8Buffer output, float value)
    {
        var quote = !float.IsFinite(value);
        Quote(output, quote);
        ScalarText.Append(output, value);
        Quote(output, quote);
    }

    public static void Append(Utf8Buffer output, string value) => JsonText.Append(output, value);

    public static void Append(Utf8Buffer output, Guid value)
    {
        Quote(output);
        ScalarText.Append(output, value);
        Quote(output);
    }

    public static void Append(Utf8Buffer output, DateTime value)
    {
        Quote(output);
        ScalarText.Append(output, value);
        Quote(output);
    }

    public static void Append(Utf8Buffer output, DateTimeOffset value)
    {
        Quote(output);
        ScalarText.Append(output, value);
        Quote(output);
    }

    public static void Append(Utf8Buffer output, DateOnly value)
    {
        Quote(output);
        ScalarText.Append(output, value);
        Quote(output);
    }

    public static void Append(Utf8Buffer output, TimeOnly value)
    {
        Quote(output);
        ScalarText.Append(output, value);
        Quote(output);
    }

    public static void Append(Utf8Buffer output, TimeSpan value)
    {
        Quote(output);
        ScalarText.Append(output, value);
        Quote(output);
    }

    public static void Append(Utf8Buffer output, byte[] value)
    {
        Quote(output);
        AppendBase64(output, value);
        Quote(output);
    }

    public static void AppendBase64(Utf8Buffer output, byte[] value)
    {
        Base64.EncodeToUtf8(value, output.GetSpan(Base64.GetMaxEncodedToUtf8Length(value.Length)), out _, out var written);
        output.Advance(written);
    }

    private static void Quote(Utf8Buffer output, bool quote = true)
    {
        if (quote)
        {
            output.Append((byte)'"');
        }
    }
}
