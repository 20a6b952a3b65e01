using CdcFlow.Generators.Tests.Compiling;

namespace CdcFlow.Generators.Tests;

internal static partial class DiagnosticSamples
{
    private static (string Id, string Wrong, string Right)[] OfDelivery =>
    [
        Of("CDCF040",
            Copy("""[|BarSink("lake")|]""") + Connector("AtLeastOnce"),
            Copy("""BarSink("lake")""", AtLeastOnce) + Connector("AtLeastOnce")),
        Of("CDCF040",
            Copy("""InMemorySink("lake"), [|InMemorySink("pond")|]"""),
            Copy("""InMemorySink("lake"), InMemorySink("lake", Name = "copy")""")),
        Of("CDCF041", Copy("""[|FooSink("lake")|]"""), Copy("""InMemorySink("lake")""")),
        Of("CDCF042",
            Copy("""InMemorySink("lake")""", attribute: """[[|CdcPipeline("orders")|]]""") + Sample.SettingsFile + """{ "ConnectionStrings": { "shop": "…" } }""",
            Copy("""InMemorySink("lake")""") + Sample.SettingsFile + """{ "CdcFlow": { "orders": { "Checkpoint": { "Store": "/var/lib/cdcflow/orders" } } } }"""),
        Of("CDCF043",
            Copy("""[|BarSink("lake")|]""") + Connector("Transactional, NeedsReadCommitted = true"),
            Copy("""BarSink("lake")""").Replace("[InMemorySource", "#pragma warning disable CDCF043\n[InMemorySource") + Connector("Transactional, NeedsReadCommitted = true")),
        Of("CDCF044",
            Copy("""InMemorySink("lake")""", source: """[|InMemorySource("shop", Startup = Startup.WhenNeeded)|]"""),
            Copy("""InMemorySink("lake")""", source: """InMemorySource("shop", Startup = Startup.Latest)""")),
        Of("CDCF044",
            Reading("""[|FooSource("shop", Startup = Startup.Timestamp)|]""", "TimestampProperty = \"Since\""),
            Reading("""FooSource("shop", Startup = Startup.Timestamp, Since = "2026-01-01")""", "TimestampProperty = \"Since\"")),
        Of("CDCF044",
            Reading("""[|FooSource("shop", Startup = Startup.SpecificOffset, Since = "1")|]""", "OffsetProperty = \"Place\""),
            Reading("""FooSource("shop", Startup = Startup.SpecificOffset, Place = "1")""", "OffsetProperty = \"Place\"")),
        Of("CDCF090", Copy("""InMemorySink("lake")""", source: """[|FooSource("shop")|]""") + Foo(""), Reading("""FooSource("shop")""", "")),
        Of("CDCF091",
            Reading("""[|FooSource("shop", Startup = Startup.Timestamp, Since = "2026-01-01")|]""", ""),
            Reading("""FooSource("shop", Startup = Startup.Timestamp, Since = "2026-01-01")""", "TimestampProperty = nameof(FooSourceAttribute.Since)")),
        Of("CDCF091",
            Reading("""[|FooSource("shop", Startup = Startup.SpecificOffset, Place = "1")|]""", "OffsetProperty = \"Offset\""),
            Reading("""FooSource("shop", Startup = Startup.SpecificOffset, Place = "1")""", "OffsetProperty = nameof(FooSourceAttribute.Place)")),
        Of("CDCF046", Modes("""[|BarSink("lake")|]"""), Modes("""BarSink("lake", Mode = BarMode.Append)""")),
        Of("CDCF046", Modes("""[|BarSink("lake", Mode = BarMode.Mirror)|]"""), Modes("""BarSink("lake", Mode = BarMode.Mirror)""", "[property: Key] string Page")),
        Of("CDCF051", Shared("""BarSink("lake", Limit = 1)""", """[|BarSink("lake", Name = "other", Limit = 2)|]"""), Shared("""BarSink("lake", Limit = 1)""", """BarSink("lake", Name = "other", Limit = 1)""")),
        Of("CDCF051", Shared("""BarSink("lake", Limit = 1)""", """[|BarSink("lake", Name = "other", Limit = 2)|]"""), Shared("""BarSink("lake", Limit = 1)""", """BarSink("lake", Name = "other")""")),
    ];

    /// <summary>A pipeline with a third party's source that has some startups.</summary>
    private static string Reading(string source, string capabilities) => Copy("""InMemorySink("lake")""", source: source)
        + Foo($"[SourceCapabilities(Startup.Initial, Startup.Timestamp, Startup.SpecificOffset{(capabilities.Length > 0 ? ", " : "")}{capabilities})]");

    private static string Foo(string capabilities) => $$"""
        {{capabilities}}
        public sealed class FooSourceAttribute(string connection) : CdcSourceAttribute(connection)
        {
            public string? Since { get; set; }
            public string? Place { get; set; }
            public override ISourceConnector CreateConnector(ConnectorContext context) => throw new NotSupportedException();
        }
        """ + "\n";

    private static string Shared(string first, string second) =>
        Copy($"{first}, {second}") + Connector("Staged", members: "[ConnectionSetting] public int Limit { get; set; }");

    /// <summary>A row type without a key, and a sink that needs one in its first mode.</summary>
    internal static string Modes(string sink, string columns = "string Page") => $$"""
        public sealed record Click({{columns}});
        [CdcPipeline("clicks")]
        public sealed partial class ClicksPipeline
        {
            [InMemorySource("shop"), {{sink}}] public partial Changes<Click> Clicks { get; }
        }
        public enum BarMode { Mirror, Append }
        """ + "\n" + Connector("Transactional, NeedsKey = true, KeylessWith = BarMode.Append", members: "public BarMode Mode { get; set; }");

    private static string Copy(string sinks, string attribute = """[CdcPipeline("orders")]""", string source = """InMemorySource("shop")""") => $$"""
        {{Rows}}
        {{attribute}}
        public sealed partial class OrdersPipeline
        {
            [{{source}}, {{sinks}}] public partial Changes<Order> Orders { get; }
        }
        """ + "\n";
}
