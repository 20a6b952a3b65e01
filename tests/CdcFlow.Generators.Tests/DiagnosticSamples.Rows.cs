namespace CdcFlow.Generators.Tests;

internal static partial class DiagnosticSamples
{
    private static (string Id, string Wrong, string Right)[] OfRows =>
    [
        Of("CDCF007",
            RowSample("[property: Key] long Id, Address [|Home|]") + OwnedAddress,
            RowSample("""[property: Key] long Id, [property: Column("Home_Street")] string HomeStreet""")),
        Of("CDCF008",
            RowSample("[property: Key] long Id") .Replace("long Id)", "long Id) { public Customer? [|Customer|] { get; set; } }") + Customer,
            RowSample("[property: Key] long Id, long CustomerId") + Customer),
        Of("CDCF008",
            RowSample("[property: Key] long Id").Replace("long Id)", "long Id) { public ICollection<Customer> [|Customers|] { get; } = []; }") + Customer,
            RowSample("[property: Key] long Id").Replace("long Id)", "long Id) { [NotMapped] public ICollection<Customer> Customers { get; } = []; }") + Customer),
        Of("CDCF008",
            RowSample("[property: Key] long Id").Replace("long Id)", "long Id) { public int ShelfNumber { get; set; } [ForeignKey(nameof(ShelfNumber))] public Shelf? [|Shelf|] { get; set; } }") + Shelf,
            RowSample("[property: Key] long Id").Replace("long Id)", "long Id) { public int ShelfNumber { get; set; } }") + Shelf),
        Of("CDCF008",
            RowSample("[property: Key] long Id").Replace("long Id)", "long Id) { [ForeignKey(nameof(Shelf))] public int ShelfNumber { get; set; } public Shelf? [|Shelf|] { get; set; } }") + Shelf,
            RowSample("[property: Key] long Id").Replace("long Id)", "long Id) { public int ShelfNumber { get; set; } [NotMapped] public Shelf? Shelf { get; set; } }") + Shelf),
        Of("CDCF056",
            RowSample("[property: Key] long Id").Replace("long Id)", "long Id) { [Timestamp] public uint [|Version|] { get; private set; } }"),
            RowSample("[property: Key] long Id").Replace("long Id)", "long Id) { [NotMapped, Timestamp] public uint Version { get; private set; } public uint Other { get; set; } [Timestamp] public byte[]? Stamp { get; set; } }")),
        Of("CDCF057",
            RowSample("[property: Key] long Id, Ripeness [|Ripeness|]") + Labels("open"),
            RowSample("[property: Key] long Id, Ripeness Ripeness") + Labels("ripe")),
        Of("CDCF009",
            RowSample("[property: Key] long Id").Replace("long Id)", "long Id) { public string [|Name|] { get; } = \"\"; }"),
            RowSample("[property: Key] long Id").Replace("long Id)", "long Id) { public string Name { get; private set; } = \"\"; public int Twice => 2; }")),
        Of("CDCF020", RowSample("long Code, string Name", name: "[|Row|]", sink: "FooSink"), RowSample("[property: Key] long Code, string Name", sink: "FooSink")),
        Of("CDCF020",
            Pipeline("""[Transform(From = nameof(Orders)), InMemorySink("lake")] public static Doc ToDoc(Order order) => new(order.Id);""", rows: Rows + "public sealed record [|Doc|](long Id);"),
            Pipeline("""[Transform(From = nameof(Orders)), InMemorySink("lake")] public static Doc ToDoc(Order order) => new(order.Id);""", rows: Rows + "public sealed record Doc([property: Key] long Id);")),
        Of("CDCF021",
            RowSample("[property: Key] long Id, HashSet<string> [|Tags|]"),
            RowSample("[property: Key] long Id, List<string> Tags, string[] More, IReadOnlyList<int?>? Numbers")),
        Of("CDCF021",
            RowSample("[property: Key] long Id, System.Text.Json.Nodes.JsonObject [|Settings|]"),
            RowSample("[property: Key] long Id, System.Text.Json.Nodes.JsonNode Settings, System.Text.Json.JsonDocument? More, System.Text.Json.JsonElement Most")),
        Of("CDCF021",
            RowSample("[property: Key] long Id, ReadOnlyMemory<byte> [|Picture|]"),
            RowSample("[property: Key] long Id, byte[] Picture, ReadOnlyMemory<float> Embedding")),
        Of("CDCF021",
            RowSample("[property: Key] long Id, char? [|Grade|]"),
            RowSample("[property: Key] long Id, string? Grade")),
        Of("CDCF021",
            RowSample("[property: Key] long Id, Dictionary<string, int> [|Pairs|]"),
            RowSample("[property: Key] long Id, Dictionary<string, string?> Pairs, Dictionary<string, string?>? More")),
        Of("CDCF021",
            RowSample("[property: Key] long Id, Address [|Home|]") + "public sealed record Address(string Street);",
            RowSample("[property: Key] long Id, [property: ColumnConverter<AddressText>] Address Home") + """
                public sealed record Address(string Street);
                public sealed class AddressText : IColumnConverter<string, Address>
                {
                    public static Address FromColumn(string value) => new(value);
                    public static string ToColumn(Address value) => value.Street;
                }
                """),
        Of("CDCF022",
            RowSample("""[property: Key] long Id, [property: Column(TypeName = "text null")] string [|Note|]"""),
            RowSample("""[property: Key] long Id, [property: Column(TypeName = "text null")] string? Note""")),
        Of("CDCF023",
            RowSample("""[property: Key] long Id, string Note, [property: Column("note")] string [|Remark|]"""),
            RowSample("""[property: Key] long Id, string Note, [property: Column("remark")] string Remark""")),
        Of("CDCF024",
            Pipeline("""[Transform(From = nameof(Orders)), InMemorySink("lake")] public static Doc [|ToDoc|](Order order) => new(order.Id);""", rows: Rows + "public sealed record Doc([property: Key] long OrderId);"),
            Pipeline("""[Transform(From = nameof(Orders), DeleteKey = nameof(Order.Id)), InMemorySink("lake")] public static Doc ToDoc(Order order) => new(order.Id);""", rows: Rows + "public sealed record Doc([property: Key] long OrderId);")),
        Of("CDCF024",
            PairSample("[property: Key] long Order", "[|ToHalf|]"),
            PairSample("[property: Key] long Order, [property: Key] int Number", "ToHalf")),
        Of("CDCF050", AlteredKey("new([|order.Id + 1|], order.Total)"), AlteredKey("new(order.Id, order.Total)")),
        Of("CDCF050", AlteredKey("new([|order.CustomerId|], order.Total)"), AlteredKey("new(Id: order.Id, Total: order.CustomerId)")),
        Of("CDCF050", AlteredKey("new OrderDoc(order.Id, 1) with { Id = [|System.Math.Abs(order.Id)|] }"), AlteredKey("new OrderDoc(order.Id, 1) with { Total = System.Math.Abs(order.Total) }")),
        Of("CDCF050", AlteredKey("new([|order.Total > 9 ? order.Id : 0|], order.Total)"), AlteredKey("new(order.Id, order.Total > 9 ? order.Id : 0)")),
        Of("CDCF050", SettingKey("[|order.Id|]++"), SettingKey("order.Number++")),
        Of("CDCF050", SettingKey("[|order.Id|] = order.Number"), SettingKey("order.Number = order.Id")),
        Of("CDCF025",
            RowSample("[property: Key] long Id, decimal [|Total|]", sink: "BarSink") + Connector("Staged, NeedsDecimalPrecision = true"),
            RowSample("""[property: Key] long Id, [property: Column(TypeName = "numeric(12,2)")] decimal Total""", sink: "BarSink") + Connector("Staged, NeedsDecimalPrecision = true")),
        Of("CDCF026", RowSample("[property: Key] double [|Id|]"), RowSample("[property: Key] long Id")),
        Of("CDCF026", RowSample("[property: Key] string? [|Id|]"), RowSample("[property: Key] string Id")),
        Of("CDCF028",
            Pipeline("""[Transform(From = nameof(Orders)), Discard] public static Doc ToDoc(Order order) => new(order.Id);""", rows: Rows + "public readonly record struct [|Doc|]([property: Key] long Id);"),
            Pipeline("""[Transform(From = nameof(Orders)), Discard] public static Doc ToDoc(Order order) => new(order.Id);""", rows: Rows + "public sealed record Doc([property: Key] long Id);")),
        Of("CDCF029",
            RowSample("[property: Key] long Id", kind: "abstract record", name: "[|Row|]"),
            RowSample("[property: Key] long Id")),
    ];

    private static string AlteredKey(string row) => Pipeline($"[Transform(From = nameof(Orders)), InMemorySink(\"lake\")] public static OrderDoc ToDoc(Order order) => {row};");

    private static string SettingKey(string statement) => $$"""
        public sealed class Order { [Key] public long Id { get; set; } public long Number { get; set; } }
        [CdcPipeline("orders")]
        public sealed partial class OrdersPipeline
        {
            [InMemorySource("shop")] public partial Changes<Order> Orders { get; }
            [Filter(From = nameof(Orders)), InMemorySink("lake")] public static bool Passes(Order order) { {{statement}}; return true; }
        }
        """ + "\n";

    private const string OwnedAddress = "[Microsoft.EntityFrameworkCore.Owned] public sealed record Address(string Street);\n";

    private const string Customer = "public sealed class Customer { public long Id { get; private set; } }\n";

    private const string Shelf = "public sealed class Shelf { public int Number { get; set; } }\n";

    private static string Labels(string second) => $$"""
        public enum Ripeness
        {
            [System.Runtime.Serialization.EnumMember(Value = "open")] Unripe,
            [System.Text.Json.Serialization.JsonStringEnumMemberName("{{second}}")] Ripe,
        }
        """ + "\n";

    private static string RowSample(string columns, string kind = "sealed record", string name = "Row", string sink = "InMemorySink") => $$"""
        public {{kind}} {{name}}({{columns}});
        [CdcPipeline("rows")]
        public sealed partial class RowPipeline
        {
            #pragma warning disable CDCF041 // The samples are about rows.
            [InMemorySource("shop"), {{sink}}("lake")] public partial Changes<Row> Rows { get; }
        }
        """ + "\n";

    /// <summary>A map of lines, whose key has two parts, to halves.</summary>
    private static string PairSample(string half, string method) => $$"""
        public sealed record Line([property: Key] long Order, [property: Key] int Number, string Note);
        public sealed record Half({{half}}, string Note);
        [CdcPipeline("lines")]
        public sealed partial class LinesPipeline
        {
            [InMemorySource("shop")] public partial Changes<Line> Lines { get; }
            [Transform(From = nameof(Lines)), InMemorySink("lake")] public static Half {{method}}(Line line) => throw new System.NotSupportedException();
        }
        """ + "\n";

    /// <summary>A connector of the sample's own, <c>[BarSink]</c>.</summary>
    private static string Connector(string capabilities, string name = "Bar", string members = "") => $$"""
        [SinkCapabilities(SinkKind.{{capabilities}})]
        public sealed class {{name}}SinkAttribute(string connection) : SinkAttribute(connection)
        {
            {{members}}
            public override ISinkConnection CreateConnection(ConnectorContext context) => throw new NotSupportedException();
        }
        """ + "\n";
}
