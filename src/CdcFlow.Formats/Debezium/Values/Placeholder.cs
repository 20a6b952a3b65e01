using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Debezium.Types;

namespace CdcFlow.Formats.Debezium.Values;

/// <summary>What Debezium writes for a value that the log did not carry, by the column's type.</summary>
internal static class Placeholder
{
    private const string Text = "\"__debezium_unavailable_value\"";
    private const string Base64 = "\"X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==\"";
    private const string Object = """ "{\"__debezium_unavailable_value\":\"__debezium_unavailable_value\"}" """;

    /// <summary>The JSON of the placeholder; null for types that have none, such as numbers: any number would look like a value.</summary>
    public static byte[]? Of(DebeziumType type)
    {
        var isArray = type.Schema.Type == ConnectType.Array;
        var json = (type.Form, (type.Schema.Items ?? type.Schema).Type) switch
        {
            (ValueForm.HstoreJson, _) => Object.Trim(),
            (ValueForm.Text or ValueForm.MoneyText, _) => Text,
            (ValueForm.Bytes, _) => Base64,
            (ValueForm.Integer, ConnectType.Int32 or ConnectType.Int64) when isArray => Letters(),
            _ => null,
        };
        return json is null ? null : System.Text.Encoding.UTF8.GetBytes(isArray ? $"[{json}]" : json);
    }

    // An array of integers holds the text's bytes.
    private static string Letters() => string.Join(',', Text.Trim('"').Select(letter => (int)letter));
}
