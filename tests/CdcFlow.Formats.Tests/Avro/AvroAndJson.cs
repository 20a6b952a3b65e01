using System.Text.Json;
using System.Text.RegularExpressions;

namespace CdcFlow.Formats.Tests.Avro;

/// <summary>Compares a decoded Avro record with the JSON record of the same change.</summary>
public static partial class AvroAndJson
{
    /// <summary>Whether both say the same.</summary>
    /// <remarks>What JSON leaves out, because the log did not carry it and no placeholder fits its type, is null in Avro: a record has all its fields.</remarks>
    public static bool AreSame(JsonElement json, JsonElement avro) => (json.ValueKind, avro.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) =>
            json.EnumerateObject().All(member => avro.TryGetProperty(Illegal().Replace(member.Name, "_"), out var field) && AreSame(member.Value, field))
            && avro.EnumerateObject().Count(field => field.Value.ValueKind != JsonValueKind.Null) <= json.EnumerateObject().Count(),
        (JsonValueKind.Array, JsonValueKind.Array) =>
            json.GetArrayLength() == avro.GetArrayLength() && json.EnumerateArray().Zip(avro.EnumerateArray()).All(pair => AreSame(pair.First, pair.Second)),
        _ => JsonElement.DeepEquals(json, avro),
    };

    [GeneratedRegex("[^A-Za-z0-9_]")]
    private static partial Regex Illegal();
}
