using CdcFlow.CodeFixes;
using CdcFlow.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace CdcFlow.Generators.Tests;

/// <summary>Every fix turns a wrong line into a right one, and the diagnostic is gone.</summary>
public sealed class CodeFixTests
{
    private const string Rows = "public sealed record Order([property: Key] long Id, decimal Total);\npublic sealed record Doc([property: Key] long DocId);\n";
    private const string Orders = """[InMemorySource("shop"), InMemorySink("lake", Name = "raw")] public partial Changes<Order> Orders { get; }""" + "\n";

    public static TheoryData<string, string, string> Cases => new()
    {
        { "CDCF001", Rows + """[CdcPipeline("p")] public sealed class P { }""", "public sealed partial class P { }" },
        { "CDCF001", Rows + """[CdcPipeline("p")] class P { }""", "partial class P { }" },
        {
            "CDCF003", InClass("""[InMemorySource("shop"), InMemorySink("lake")] public static Changes<Order> Orders => null!;""", ""),
            "public partial Changes<Order> Orders { get; }"
        },
        { "CDCF010", InClass("""[Filter(From = "Ordres"), Discard] public static bool IsLarge(Order order) => true;"""), "[Filter(From = nameof(Orders)), Discard]" },
        { "CDCF014", InClass("""[Filter(From = nameof(Orders))] public static bool IsLarge(Order order) => true;"""), "[Filter(From = nameof(Orders)), Discard]" },
        {
            "CDCF016", InClass("""[Filter(From = nameof(Orders)), InMemorySink("lake", Name = "raw")] public static bool IsLarge(Order order) => true;"""),
            """InMemorySink("lake", Name = "is-large")"""
        },
        {
            "CDCF020", InClass("""[Transform(From = nameof(Orders)), Discard] public static Memo ToMemo(Order order) => new(order.Id);""") + "\npublic sealed record Memo(long Id);",
            "public sealed record Memo([property: Key] long Id);"
        },
        {
            "CDCF020", InClass("""[Transform(From = nameof(Orders)), Discard] public static Memo ToMemo(Order order) => new() { Id = order.Id };""")
                + "\npublic sealed class Memo { public long Id { get; set; } }",
            "[Key] public long Id { get; set; }"
        },
        {
            "CDCF022", """public sealed record Order([property: Key] long Id, [property: Column(TypeName = "text null")] string Note);""" + $$"""[CdcPipeline("p")] public sealed partial class P { {{Orders}} }""",
            "string? Note"
        },
        {
            "CDCF024", InClass("""[Transform(From = nameof(Orders)), Discard] public static Doc ToDoc(Order order) => new(order.Id);"""),
            """[Transform(From = nameof(Orders), DeleteKey = "Id"), Discard]"""
        },
        {
            "CDCF032", InClass("""[Transform(From = nameof(Orders), MaxConcurrency = 8), Discard] public static ValueTask<Order> Same(Order order, CancellationToken token) => new(order);"""),
            "[Transform(From = nameof(Orders), MaxConcurrency = 8, Ordering = Ordering.PerKey), Discard]"
        },
        {
            "CDCF034", InClass("""[Transform(From = nameof(Orders)), Discard] public static ValueTask<Order> Same(Order order) => new(order);"""),
            "Same(Order order, CancellationToken cancellationToken)"
        },
        { "CDCF046", DiagnosticSamples.Modes("""BarSink("lake")"""), """BarSink("lake", Mode = BarMode.Append)""" },
        {
            "CDCF046", DiagnosticSamples.Modes("""BarSink("lake", Mode = BarMode.Mirror, Name = "raw")"""),
            """BarSink("lake", Name = "raw", Mode = BarMode.Append)"""
        },
        {
            "CDCF081", DiagnosticSamples.Locked("[property: Key] long Id, string CustmerNote", """{ "name": "customer_note", "type": "text", "kind": "Text" }"""),
            """[property: Column("customer_note")] string CustmerNote"""
        },
        {
            "CDCF081", DiagnosticSamples.Locked("""[property: Key] long Id, [property: Column("custmer")] string Customer""", """{ "name": "customer", "type": "text", "kind": "Text" }"""),
            """[property: Column("customer")] string Customer"""
        },
        {
            "CDCF082", DiagnosticSamples.Locked("[property: Key] long Id, int Total", """{ "name": "total", "type": "numeric(12,2)", "kind": "Numeric", "nullable": true }"""),
            "decimal? Total"
        },
        {
            "CDCF082", DiagnosticSamples.Locked("[property: Key] long Id, int Address", """{ "name": "address", "type": "inet", "kind": "Inet" }"""),
            "System.Net.IPAddress Address"
        },
        {
            "CDCF083", DiagnosticSamples.Locked("[property: Key] long Id, string Note", """{ "name": "note", "type": "text", "kind": "Text", "nullable": true }"""),
            "string? Note"
        },
        {
            "CDCF085", DiagnosticSamples.Locked("[property: Key] long Id", null, table: "row", whole: "true"),
            """CdcFlow.Postgres.PostgresSource("shop", Table = "public.row")"""
        },
        {
            "CDCF089", DiagnosticSamples.Locked("[property: Key] long Id, decimal Total", """{ "name": "total", "type": "numeric(40,2)", "kind": "Numeric" }"""),
            "PostgresNumeric Total"
        },
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task Fix_fixes_what_is_reported(string id, string wrong, string right)
    {
        using var workspace = new AdhocWorkspace();
        var sample = new Sample(wrong);
        var input = Source.Compile(sample.Text);
        var project = workspace.AddProject("Shop", LanguageNames.CSharp)
            .WithMetadataReferences(input.References).WithParseOptions(Source.ParseOptions).WithCompilationOptions(input.Options);
        var document = project.AddDocument("Source0.cs", SourceText.From(sample.Text));
        var problem = Assert.Single(await Source.AnalyzeAsync(input, sample.Files), each => each.Id == id);

        var corrected = (await ApplyAsync(document, problem)).ToString();
        Assert.Contains(right, corrected, StringComparison.Ordinal);
        Assert.DoesNotContain(await Source.AnalyzeAsync(Source.Compile(corrected), sample.Files), each => each.Id == id);
    }

    private static async Task<SourceText> ApplyAsync(Document document, Diagnostic problem)
    {
        var actions = new List<CodeAction>();
        var fix = new PipelineFixes();
        Assert.Contains(problem.Id, fix.FixableDiagnosticIds);
        var root = await document.GetSyntaxRootAsync(TestContext.Current.CancellationToken);
        var here = Diagnostic.Create(
            problem.Descriptor, Location.Create(root!.SyntaxTree, problem.Location.SourceSpan), problem.Properties);
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, here, (action, _) => actions.Add(action), TestContext.Current.CancellationToken));
        var operations = await Assert.Single(actions).GetOperationsAsync(TestContext.Current.CancellationToken);
        var solution = Assert.Single(operations.OfType<ApplyChangesOperation>()).ChangedSolution;
        return await solution.GetDocument(document.Id)!.GetTextAsync(TestContext.Current.CancellationToken);
    }

    private static string InClass(string members, string orders = Orders) => $$"""
        {{Rows}}
        [CdcPipeline("p")]
        public sealed partial class P
        {
            {{orders}}
            {{members}}
        }
        """;
}
