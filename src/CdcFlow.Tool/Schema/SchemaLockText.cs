using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CdcFlow.Generators.Locking;

namespace CdcFlow.Tool.Schema;

/// <summary>The schema lock as text: a line for each column, in one order, so that a change of a table is a change of a few lines. Pure.</summary>
internal static class SchemaLockText
{
    internal static string Write(SchemaLock locked)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{{\n  \"format\": {SchemaLock.Format},\n  \"connections\": {{");
        text.AppendJoin(',', locked.Connections.Select(Connection)).Append("\n  }\n}\n");
        return text.ToString();
    }

    private static string Connection(LockedConnection connection) =>
        $"\n    {Quote(connection.Name)}: {{\n      \"server\": {Quote(connection.Server)},\n      \"whole\": {(connection.IsWhole ? "true" : "false")},\n      \"tables\": ["
        + $"{string.Join(',', connection.Tables.Select(Table))}\n      ]\n    }}";

    private static string Table(LockedTable table) =>
        $"\n        {{\n          \"schema\": {Quote(table.Schema)},\n          \"name\": {Quote(table.Name)},\n          \"key\": {List(table.Key)},\n"
        + $"          \"replicaIdentity\": {Quote(table.ReplicaIdentity)},\n          \"columns\": [{string.Join(',', table.Columns.Select(Column))}\n          ]\n        }}";

    private static string Column(LockedColumn column)
    {
        string?[] parts =
        [
            $"\"name\": {Quote(column.Name)}",
            $"\"type\": {Quote(column.Type)}",
            $"\"kind\": {Quote(column.Shape.ToString())}",
            column.IsNullable ? "\"nullable\": true" : null,
            column.IsGenerated ? "\"generated\": true" : null,
            column.IsInLog ? null : "\"inLog\": false",
            column.Labels.Count > 0 ? $"\"labels\": {List(column.Labels)}" : null,
        ];
        return $"\n            {{ {string.Join(", ", parts.OfType<string>())} }}";
    }

    private static string List(IReadOnlyList<string> texts) => $"[{string.Join(", ", texts.Select(Quote))}]";

    // Letters of every language as they are; what ends a line or reorders it for the eye is escaped.
    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All))}\"";
}
