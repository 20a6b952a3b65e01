using System.Buffers.Text;

namespace CdcFlow.Formats.Json;

/// <summary>One value as JSON: numbers with all their digits, everything else that is no boolean as a string.</summary>
internal static class JsonValue
{
    public static void Append(ByteBuffer output, bool value) => ScalarText.Append(output, value);

    public static void Append(ByteBuffer output, short value) => output.AppendText(value);

    public static void Append(ByteBuffer output, int value) => output.AppendText(value);

    public static void Append(ByteBuffer output, long value) => output.AppendText(value);

    public static void Append(ByteBuffer output, decimal value) => ScalarText.Append(output, value);

    public static void Append(ByteBuffer output, double value)
    {
        var quote = !double.IsFinite(value); // JSON has no number for NaN and the infinities
        Quote(output, quote);
        ScalarText.Append(output, value);
        Quote(output, quote);
    }

    public static void Append(ByteBuffer output, float value)
    {
        var quote = !float.IsFinite(value);
        Quote(output, quote);
        ScalarText.Append(output, value);
        Quote(output, quote);
    }

    public static void Append(ByteBuffer output, string value) => JsonText.Append(output, value);

    public static void Append(ByteBuffer output, Guid value)
    {
        Quote(output);
        ScalarText.Append(output, value);
        Quote(output);
    }

    public static void Append(ByteBuffer output, DateTime value)
    {
        Quote(output);
        ScalarText.Append(output, value);
        Quote(output);
    }

    public static void Append(ByteBuffer output, DateTimeOffset value)
    {
        Quote(output);
        ScalarText.Append(output, value);
        Quote(output);
    }

    public static void Append(ByteBuffer output, DateOnly value)
    {
        Quote(output);
        ScalarText.Append(output, value);
        Quote(output);
    }

    public static void Append(ByteBuffer output, TimeOnly value)
    {
        Quote(output);
        ScalarText.Append(output, value);
        Quote(output);
    }

    public static void Append(ByteBuffer output, TimeSpan value)
    {
        Quote(output);
        ScalarText.Append(output, value);
        Quote(output);
    }

    public static void Append(ByteBuffer output, byte[] value)
    {
        Quote(output);
        AppendBase64(output, value);
        Quote(output);
    }

    public static void AppendBase64(ByteBuffer output, ReadOnlySpan<byte> value)
    {
        Base64.EncodeToUtf8(value, output.Room(((value.Length + 2L) / 3) * 4), out _, out var written);
        output.Advance(written);
    }

    private static void Quote(ByteBuffer output, bool quote = true)
    {
        if (quote)
        {
            output.Append((byte)'"');
        }
    }
}
