namespace CdcFlow.Generators.Tests;

internal static partial class DiagnosticSamples
{
    private const string Orders = """[InMemorySource("shop"), InMemorySink("lake")] public partial Changes<Order> Orders { get; }""";

    private static (string Id, string Wrong, string Right)[] OfClasses =>
    [
        Of("CDCF001",
            Rows + $$"""public partial class Outer { } public class [|Shelf|] { [CdcPipeline("orders")] public sealed partial class P { {{Orders}} } }""",
            Rows + $$"""public partial class Shelf { [CdcPipeline("orders")] public sealed partial class P { {{Orders}} } }"""),
        Of("CDCF002",
            Rows + $$"""[CdcPipeline("orders")] public abstract partial class [|P|] { {{Orders}} }""",
            Rows + $$"""[CdcPipeline("orders")] public sealed partial class P { {{Orders}} }"""),
        Of("CDCF003",
            Rows + """[CdcPipeline("orders")] public sealed partial class P { [InMemorySource("shop"), InMemorySink("lake")] public Changes<Order> [|Orders|] => null!; }""",
            Rows + $$"""[CdcPipeline("orders")] public sealed partial class P { {{Orders}} }"""),
        Of("CDCF004",
            Rows + $$"""[CdcPipeline("orders")] public sealed partial class P { {{Orders}} } [[|CdcPipeline("orders")|]] public sealed partial class Q { {{Orders}} }""",
            Rows + $$"""[CdcPipeline("orders")] public sealed partial class P { {{Orders}} } [CdcPipeline("others")] public sealed partial class Q { {{Orders}} }"""),
        Of("CDCF005",
            Rows + $$"""[[|CdcPipeline("Orders Pipeline")|]] public sealed partial class P { {{Orders}} }""",
            Rows + $$"""[CdcPipeline("orders-pipeline")] public sealed partial class P { {{Orders}} }"""),
        Of("CDCF006",
            Rows + """public sealed class P { [[|Filter|]] public static bool IsLarge(Order order) => order.Total > 100; }""",
            Rows + """public sealed class P { public static bool IsLarge(Order order) => order.Total > 100; }"""),
        Of("CDCF058",
            Rows + """[CdcPipeline("orders")] public sealed partial class P { [InMemorySource("shop"), InMemorySink("lake")] public partial Changes<Order> [|Sources|] { get; } }""",
            Rows + """[CdcPipeline("orders")] public sealed partial class P { [InMemorySource("shop"), InMemorySink("lake"), NodeId("Sources")] public partial Changes<Order> AllSources { get; } }"""),
        Of("CDCF055",
            Rows + """[CdcPipeline("orders")] public sealed partial class P { [InMemorySink("lake"), [|InMemorySource("Host=pg;Password=hunter2")|]] public partial Changes<Order> Orders { get; } }""",
            Rows + $$"""[CdcPipeline("orders")] public sealed partial class P { {{Orders}} }"""),
    ];
}
