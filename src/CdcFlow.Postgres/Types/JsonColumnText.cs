using System.Text.Json;

namespace CdcFlow.Postgres.Types;

/// <summary>JSON out of the server's text, which is kept as it is: digits, spaces and members that stand twice.</summary>
internal static class JsonColumnText
{
    // As deep as JSON writers go.
    private static readonly JsonReaderOptions deep = new() { MaxDepth = 1000 };

    internal static bool TryRead(ReadOnlySpan<byte> text, out JsonElement value)
    {
        var reader = new Utf8JsonReader(text, deep);
        try
        {
            value = JsonElement.ParseValue(ref reader);
            return true;
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }
}
