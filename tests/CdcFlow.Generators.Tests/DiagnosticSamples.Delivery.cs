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
        Of("CDCF046", Modes("""[|BarSink("lake")|]"""), Modes("""BarSink("lake", Mode = BarMode.Append)""")),
        Of("CDCF046", Modes("""[|BarSink("lake", Mode = BarMode.Mirror)|]"""), Modes("""BarSink("lake", Mode = BarMode.Mirror)""", "[property: Key] string Page")),
        Of("CDCF051", Shared("""BarSink("lake", Limit = 1)""", """[|BarSink("lake", Name = "other", Limit = 2)|]"""), Shared("""BarSink("lake", Limit = 1)""", """BarSink("lake", Name = "other", Limit = 1)""")),
        Of("CDCF051", Shared("""BarSink("lake", Limit = 1)""", """[|BarSink("lake", Name = "other", Limit = 2)|]"""), Shared("""BarSink("lake", Limit = 1)""", """BarSink("lake", Name = "other")""")),
    ];

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
