using System.Text;
using System.Text.Json;
using CdcFlow.Formats;
using CdcFlow.Rows;

namespace CdcFlow.Files.Tests.Conformance;

/// <summary>A reader of JSON lines, as the reference describes it: applies each change by key.</summary>
internal static class JsonLinesFold
{
    public static IEnumerable<JsonElement> Lines(IEnumerable<byte[]> files) =>
        files.SelectMany(file => Encoding.UTF8.GetString(file).Split('\n')[..^1]).Select(line => JsonElement.Parse(line));

    public static IReadOnlyList<object?[]> Fold(IEnumerable<JsonElement> lines, RowSchema schema)
    {
        var names = schema.Columns.Select(column => FieldNames.Of(column, FieldNaming.SnakeCase)).ToArray();
        var rows = new Dictionary<string, object?[]>();
        foreach (var line in lines)
        {
            var operation = line.GetProperty("op").GetString();
            if (operation == "t")
            {
                rows.Clear();
                continue;
            }

            var key = string.Join("|", schema.KeyColumns.Select(column => line.GetProperty(names[column]).GetRawText()));
            if (operation == "d")
            {
                rows.Remove(key);
                continue;
            }

            var row = rows.TryGetValue(key, out var known) ? known : rows[key] = new object?[names.Length];
            for (var column = 0; column < names.Length; column++)
            {
                if (line.TryGetProperty(names[column], out var value))
                {
                    row[column] = Value(value, schema.Columns[column].ClrType);
                }
            }
        }

        return [.. rows.Values];
    }

    public static object? Value(JsonElement value, Type type) => value.ValueKind == JsonValueKind.Null ? null
        : type == typeof(bool) ? value.GetBoolean()
        : type == typeof(short) ? value.GetInt16()
        : type == typeof(int) ? value.GetInt32()
        : type == typeof(long) ? value.GetInt64()
        : type == typeof(decimal) ? value.GetDecimal()
        : type == typeof(float) ? (value.ValueKind == JsonValueKind.Number ? value.GetSingle() : float.Parse(value.GetString()!))
        : type == typeof(double) ? (value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.Parse(value.GetString()!))
        : type == typeof(string) ? value.GetString()
        : type == typeof(Guid) ? value.GetGuid()
        : type == typeof(DateTime) ? DateTime.Parse(value.GetString()!)
        : type == typeof(DateTimeOffset) ? value.GetDateTimeOffset()
        : type == typeof(DateOnly) ? DateOnly.Parse(value.GetString()!)
        : type == typeof(TimeOnly) ? TimeOnly.Parse(value.GetString()!)
        : type == typeof(TimeSpan) ? TimeSpan.Parse(value.GetString()!)
        : type == typeof(byte[]) ? value.GetBytesFromBase64()
        : type == typeof(string[]) ? value.EnumerateArray().Select(item => item.GetString()).ToArray()
        : type == typeof(int[]) ? value.EnumerateArray().Select(item => item.GetInt32()).ToArray()
        : throw new NotSupportedException(type.ToString());
}
