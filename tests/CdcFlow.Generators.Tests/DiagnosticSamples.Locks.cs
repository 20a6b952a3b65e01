namespace CdcFlow.Generators.Tests;

internal static partial class DiagnosticSamples
{
    private const string Id = """{ "name": "id", "type": "bigint", "kind": "Int64" }""";

    private static (string Id, string Wrong, string Right)[] OfLocks =>
    [
        Of("CDCF081",
            Locked("[property: Key] long Id, string [|CustmerNote|]", """{ "name": "customer_note", "type": "text", "kind": "Text" }"""),
            Locked("[property: Key] long Id, string CustomerNote", """{ "name": "customer_note", "type": "text", "kind": "Text" }""")),
        Of("CDCF081",
            Locked("""[property: Key] long Id, [property: Column("Note")] string [|Note|]""", """{ "name": "note", "type": "text", "kind": "Text" }"""),
            Locked("""[property: Key] long Id, [property: Column("note")] string Remark""", """{ "name": "note", "type": "text", "kind": "Text" }""")),
        Of("CDCF082",
            Locked("[property: Key] long Id, int [|Total|]", """{ "name": "total", "type": "numeric(12,2)", "kind": "Numeric" }"""),
            Locked("[property: Key] long Id, decimal Total", """{ "name": "total", "type": "numeric(12,2)", "kind": "Numeric" }""")),
        Of("CDCF082",
            Locked("[property: Key] long Id, int?[] [|Totals|]", """{ "name": "totals", "type": "bigint[]", "kind": "Array of Int64" }"""),
            Locked("[property: Key] long Id, long?[] Totals", """{ "name": "totals", "type": "bigint[]", "kind": "Array of Int64" }""")),
        Of("CDCF082",
            Locked("[property: Key] long Id, [property: ColumnConverter<YesNo>] bool [|IsPaid|]", """{ "name": "is_paid", "type": "integer", "kind": "Int32" }""").Replace("// cdc", YesNo + "// cdc"),
            Locked("[property: Key] long Id, [property: ColumnConverter<YesNo>] bool IsPaid", """{ "name": "is_paid", "type": "smallint", "kind": "Int16" }""").Replace("// cdc", YesNo + "// cdc")),
        Of("CDCF082",
            Locked("[property: Key] long Id, List<int> [|Tags|]", """{ "name": "tags", "type": "text[]", "kind": "Array of Text" }"""),
            Locked("[property: Key] long Id, IReadOnlyList<string> Tags", """{ "name": "tags", "type": "text[]", "kind": "Array of Text" }""")),
        Of("CDCF082",
            Locked("[property: Key] long Id, System.Text.Json.JsonDocument [|Settings|]", """{ "name": "settings", "type": "text", "kind": "Text" }"""),
            Locked("[property: Key] long Id, System.Text.Json.JsonDocument Settings", """{ "name": "settings", "type": "jsonb", "kind": "Json" }""")),
        Of("CDCF082",
            Locked("[property: Key] long Id, ReadOnlyMemory<float> [|Place|]", """{ "name": "place", "type": "double precision[]", "kind": "Array of Double" }"""),
            Locked("[property: Key] long Id, ReadOnlyMemory<float> Place", """{ "name": "place", "type": "vector(3)", "kind": "Vector" }""")),
        Of("CDCF083",
            Locked("[property: Key] long Id, string [|Note|]", """{ "name": "note", "type": "text", "kind": "Text", "nullable": true }"""),
            Locked("[property: Key] long Id, string? Note", """{ "name": "note", "type": "text", "kind": "Text", "nullable": true }""")),
        Of("CDCF084",
            Locked("[property: Key] long Id, int Part", """{ "name": "part", "type": "integer", "kind": "Int32" }""", key: "\"id\", \"part\"", row: "[|Row|]"),
            Locked("[property: Key] long Id, [property: Key] int Part", """{ "name": "part", "type": "integer", "kind": "Int32" }""", key: "\"id\", \"part\"")),
        Of("CDCF084",
            Locked("long Number", """{ "name": "number", "type": "bigint", "kind": "Int64" }""", key: "", row: "[|Row|]"),
            Locked("long Number", """{ "name": "number", "type": "bigint", "kind": "Int64" }""", key: "", identity: "full")),
        Of("CDCF085",
            Locked("[property: Key] long Id", null, table: "row", whole: "true", source: """[|CdcFlow.Postgres.PostgresSource("shop")|]"""),
            Locked("[property: Key] long Id", null, table: "row", whole: "true", source: """CdcFlow.Postgres.PostgresSource("shop", Table = "row")""")),
        Of("CDCF086",
            Locked("[property: Key] long Id", null, table: "row", source: """[|CdcFlow.Postgres.PostgresSource("shop")|]"""),
            Locked("[property: Key] long Id", null)),
        Of("CDCF086",
            Locked("[property: Key] long Id", null, source: """[|CdcFlow.Postgres.PostgresSource("till")|]"""),
            Locked("[property: Key] long Id", null, source: """InMemorySource("till")""")),
        Of("CDCF087",
            Locked("[property: Key] long Id, Mood [|Mood|]", """{ "name": "mood", "type": "mood", "kind": "Text", "labels": ["so_so", "HAPPY", "sad"] }""").Replace("// cdc", Mood + "// cdc"),
            Locked("[property: Key] long Id, Mood Mood", """{ "name": "mood", "type": "mood", "kind": "Text", "labels": ["so_so", "so so", "HAPPY"] }""").Replace("// cdc", Mood + "// cdc")),
        Of("CDCF088",
            Locked("[property: Key] long Id, long [|Twice|]", """{ "name": "twice", "type": "bigint", "kind": "Int64", "generated": true, "inLog": false }"""),
            Locked("[property: Key] long Id, long Twice", """{ "name": "twice", "type": "bigint", "kind": "Int64", "generated": true }""")),
        Of("CDCF089",
            Locked("[property: Key] long Id, decimal [|Total|]", """{ "name": "total", "type": "numeric(40,2)", "kind": "Numeric" }"""),
            Locked("[property: Key] long Id, CdcFlow.Postgres.PostgresNumeric Total", """{ "name": "total", "type": "numeric(40,2)", "kind": "Numeric" }""")),
    ];

    private const string Mood = "public enum Mood { [System.Runtime.Serialization.EnumMember(Value = \"so so\")] SoSo, Happy }\n";

    private const string YesNo = """
        public sealed class YesNo : IColumnConverter<short, bool>
        {
            public static bool FromColumn(short value) => value != 0;
            public static short ToColumn(bool value) => (short)(value ? 1 : 0);
        }

        """;

    /// <summary>A pipeline that reads table <c>rows</c> of connection <c>shop</c>, and a lock that has column <c>id</c> of a table and one more.</summary>
    internal static string Locked(
        string properties, string? column, string key = "\"id\"", string identity = "default", string table = "rows", string whole = "false", string row = "Row",
        string source = """CdcFlow.Postgres.PostgresSource("shop")""") => $$"""
        [Table("rows")]
        public sealed record {{row}}({{properties}});
        [CdcPipeline("rows")]
        public sealed partial class RowPipeline
        {
            [{{source}}, InMemorySink("lake")] public partial Changes<Row> Rows { get; }
        }
        // cdcflow.schema.json:
        {
          "format": 1,
          "connections": {
            "shop": {
              "server": "PostgreSQL 15",
              "whole": {{whole}},
              "tables": [{ "schema": "public", "name": "{{table}}", "key": [{{key}}], "replicaIdentity": "{{identity}}", "columns": [{{Id}}{{(column is null ? "" : $", {column}")}}] }]
            }
          }
        }
        """;
}
