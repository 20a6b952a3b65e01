using System.Collections;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CdcFlow.Rows;

/// <summary>What generated codecs make of a column's value where the property has another type that says the same, and back.</summary>
/// <remarks>Connectors know arrays and <see cref="JsonElement"/> alone.</remarks>
public static class PropertyValue
{
    // As deep as JSON writers go; readers of the server's JSON go no deeper.
    private static readonly JsonReaderOptions deep = new() { MaxDepth = 1000 };

    /// <summary>The elements in a list of the caller's own.</summary>
    public static List<T> ToList<T>(T[] elements) => [.. elements];

    /// <summary>The elements of a list.</summary>
    public static T[] ToArray<T>(IEnumerable<T> elements) => [.. elements];

    /// <summary>The elements of a block of memory.</summary>
    public static T[] ToArray<T>(ReadOnlyMemory<T> elements) => elements.ToArray();

    /// <summary>Bits as columns have them: <c>0101</c>, the first one first.</summary>
    public static string ToText(BitArray bits) => string.Create(bits.Length, bits, static (text, bits) =>
    {
        for (var index = 0; index < text.Length; index++)
        {
            text[index] = bits[index] ? '1' : '0';
        }
    });

    /// <summary>The JSON as a document of the caller's own, which need not be disposed.</summary>
    public static JsonDocument ToDocument(JsonElement json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json.GetRawText()), deep);
        return JsonDocument.ParseValue(ref reader);
    }

    /// <summary>The JSON as a node.</summary>
    /// <exception cref="CdcFlowException"><see cref="ErrorCodes.JsonNull"/>: it is JSON's own null, for which a node's null, that is SQL NULL, cannot stand.</exception>
    public static JsonNode ToNode(JsonElement json, RowSchema schema, int column) => json.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(json)!,
        JsonValueKind.Array => JsonArray.Create(json)!,
        _ => JsonValue.Create(json) ?? throw JsonNull(schema, column),
    };

    /// <summary>The JSON of a document.</summary>
    public static JsonElement ToJson(JsonDocument document) => document.RootElement;

    /// <summary>The JSON of a node, as it is now.</summary>
    public static JsonElement ToJson(JsonNode node)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            node.WriteTo(writer);
        }

        var reader = new Utf8JsonReader(text.GetBuffer().AsSpan(0, (int)text.Length), deep);
        return JsonElement.ParseValue(ref reader);
    }

    private static CdcFlowException JsonNull(RowSchema schema, int column) => new(
        ErrorCodes.JsonNull,
        $"Column '{schema.Columns[column].Name}' of {schema.TableName} holds JSON's null, which is not SQL NULL, and {schema.RowType}.{schema.Columns[column].Property} is a JsonNode, whose null is.",
        "Make the property a JsonElement, or a JsonDocument, which tell the two apart, and start again.");
}
