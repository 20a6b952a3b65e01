using CdcFlow.Generators.Tests.Compiling;

namespace CdcFlow.Generators.Tests;

/// <summary>Whoever does what a diagnostic's message says has it no more: the words of the message are what is written into the code.</summary>
public sealed class AdviceTests
{
    private const string Rows = "public sealed record Order([property: Key] long Id, decimal Total);\npublic sealed record Doc([property: Key] long DocId);\npublic enum Lane { Standard, Express }\n";
    private const string Orders = """[InMemorySource("shop"), InMemorySink("lake", Name = "raw")] public partial Changes<Order> Orders { get; }""";

    /// <summary>The diagnostic, the code, the words of its message, what is replaced, and by what: <c>{0}</c> stands for the words.</summary>
    public static TheoryData<string, string, string, string, string> Cases => new()
    {
        { "CDCF001", Rows + $$"""[CdcPipeline("p")] public sealed class P { {{Orders}} }""", "partial", "sealed class P", "sealed {0} class P" },
        { "CDCF003", InClass("", """[InMemorySource("shop"), InMemorySink("lake")] public Changes<Order> Orders => null!;"""), "public partial Changes<Row> Orders { get; }", "public Changes<Order> Orders => null!;", "{0}" },
        { "CDCF005", InClass("").Replace("\"p\"", "\"My Pipeline\"", StringComparison.Ordinal), "a-z", "My Pipeline", "my-pipeline" },
        { "CDCF009", Rows + "public sealed class Item { [Key] public long Id { get; set; } public string Name { get; } = \"\"; }" + OfItems, "private set", "Name { get; }", "Name { get; {0}; }" },
        { "CDCF009", Rows + "public sealed class Item { [Key] public long Id { get; set; } public string Name { get; } = \"\"; }" + OfItems, "[NotMapped]", "public string Name", "{0} public string Name" },
        { "CDCF011", InClass("""[Filter(From = nameof(Orders)), Discard] public static bool A(Order o) => true; [Transform, Discard] public static Order B(Order o) => o;"""), "set From", "[Transform,", "[Transform(From = nameof(A))," },
        { "CDCF014", InClass("[Filter(From = nameof(Orders))] public static bool A(Order o) => true;"), "[Discard]", "[Filter(", "{0} [Filter(" },
        { "CDCF016", InClass("""[Filter(From = nameof(Orders)), InMemorySink("lake", Name = "raw")] public static bool A(Order o) => true;"""), "set Name", "Name = \"raw\")] public static", "Name = \"other\")] public static" },
        { "CDCF018", InClass("""[Route(From = nameof(Orders)), InMemorySink("lake", When = Lane.Express)] public static Lane ByLane(Order o) => Lane.Express;"""), "When = Lane.Standard", "[Route(", "[InMemorySink(\"lake\", Name = \"b\", {0}), Route(" },
        { "CDCF020", Rows + "public sealed class Item { public long Number { get; set; } }" + OfItems.Replace("InMemorySink", "FooSink", StringComparison.Ordinal), "[Key]", "public long", "{0} public long" },
        { "CDCF021", Rows + "public sealed class Item { [Key] public long Id { get; set; } public char Grade { get; set; } }" + OfItems, "[NotMapped]", "public char", "{0} public char" },
        { "CDCF022", Rows + "public sealed class Item { [Key] public long Id { get; set; } [Column(TypeName = \"text null\")] public string Note { get; set; } = \"\"; }" + OfItems, "nullable", "public string ", "public string? " },
        { "CDCF024", InClass("[Transform(From = nameof(Orders)), Discard] public static Doc ToDoc(Order o) => new(o.Id);"), "Change<Order>", "ToDoc(Order o) => new(o.Id);", "ToDoc({0} o) => new(o.Row.Id);" },
        { "CDCF024", InClass("[Transform(From = nameof(Orders)), Discard] public static Doc ToDoc(Order o) => new(o.Id);"), "DeleteKey", "nameof(Orders)", "nameof(Orders), {0} = nameof(Order.Id)" },
        { "CDCF030", InClass("[Transform(From = nameof(Orders)), Discard] public static Doc ToDoc(Doc o) => new(o.DocId);").Replace("DocId", "Id", StringComparison.Ordinal), "take Order", "(Doc o)", "(Order o)" },
        { "CDCF032", InClass("[Transform(From = nameof(Orders), MaxConcurrency = 2), Discard] public static ValueTask<Order> A(Order o, CancellationToken token) => new(o);"), "PerKey", "= 2", "= 2, Ordering = Ordering.{0}" },
        { "CDCF033", InClass("""[Transform(From = nameof(Orders), MaxConcurrency = 2, Ordering = Ordering.Unordered), FooSink("lake")] public static ValueTask<Order> A(Order o, CancellationToken token) => new(o);"""), "Ordering.PerKey", "Ordering.Unordered", "{0}" },
        { "CDCF034", InClass("[Transform(From = nameof(Orders)), Discard] public static ValueTask<Order> A(Order o) => new(o);"), "CancellationToken", "(Order o)", "(Order o, {0} token)" },
        { "CDCF035", InClass("[Transform(From = nameof(Orders)), Discard] public static Task A(Order o, CancellationToken token) => Task.CompletedTask;"), "ValueTask<", "public static Task A(Order o, CancellationToken token) => Task.CompletedTask", "public static {0}Order> A(Order o, CancellationToken token) => new(o)" },
        { "CDCF040", InClass("""[Filter(From = nameof(Orders)), BarSink("crm")] public static bool A(Order o) => true;""") + Bar("AtLeastOnce"), "Delivery.AtLeastOnce", "CdcPipeline(\"p\")", "CdcPipeline(\"p\", Delivery = {0})" },
        { "CDCF043", InClass("""[Filter(From = nameof(Orders)), BarSink("bus")] public static bool A(Order o) => true;""").Replace("InMemorySink(\"lake\", Name = \"raw\")", "Discard", StringComparison.Ordinal) + Bar("Transactional, NeedsReadCommitted = true"), "#pragma warning disable CDCF043", "[Filter(", "\n{0}\n[Filter(" },
        { "CDCF057", Rows + "public enum Ripeness { [System.Runtime.Serialization.EnumMember(Value = \"a\")] A, [System.Runtime.Serialization.EnumMember(Value = \"a\")] B } public sealed record Item([property: Key] long Id, Ripeness Ripeness);" + OfItems, "give one of them another", "\"a\")] B", "\"b\")] B" },
        { "CDCF058", InClass("[Filter(From = nameof(Orders)), Discard] public static bool Graph(Order o) => true;"), "[NodeId(\"Graph\")]", "[Filter(From = nameof(Orders)), Discard] public static bool Graph", "[Filter(From = nameof(Orders)), Discard] {0} public static bool Drawn" },
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task Diagnostic_is_gone_when_its_message_is_obeyed(string id, string wrong, string words, string replaced, string by)
    {
        var problems = (await Source.AnalyzeAsync(Source.Compile(Source.Shop + wrong))).Where(problem => problem.Id == id).ToList();
        Assert.NotEmpty(problems);
        Assert.Contains(words, problems[0].GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Contains(replaced, wrong, StringComparison.Ordinal);

        // Where a message shows a declaration, it has "Row" for the row type.
        var obeyed = wrong.Replace(replaced, by.Replace("{0}", words, StringComparison.Ordinal).Replace("<Row>", "<Order>", StringComparison.Ordinal), StringComparison.Ordinal);
        var input = Source.Compile(Source.Shop + obeyed);
        Assert.DoesNotContain(await Source.AnalyzeAsync(input), problem => problem.Id == id);
        Assert.DoesNotContain(Source.ComplaintsAsBuilt(input), problem => problem.Id.StartsWith("CS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Checkpoint_store_is_configured_as_the_message_says()
    {
        var input = Source.Compile(Source.Shop + InClass(""));
        var problem = Assert.Single(await Source.AnalyzeAsync(input, new ProjectFile("appsettings.json", "{}")));
        var words = problem.GetMessage(System.Globalization.CultureInfo.InvariantCulture).Split("set ")[1].Split(" in ");
        Assert.Equal(["CdcFlow:p:Checkpoint:Store", "appsettings.json"], words);
        Assert.Empty(await Source.AnalyzeAsync(input, new ProjectFile(words[1], $$"""{ "{{words[0]}}": "checkpoints" }""")));
        var nested = words[0].Split(':').Reverse().Aggregate("\"checkpoints\"", (value, name) => $$"""{ "{{name}}": {{value}} }""");
        Assert.Empty(await Source.AnalyzeAsync(input, new ProjectFile(words[1], nested)));
    }

    private const string OfItems = """[CdcPipeline("p")] public sealed partial class P { [InMemorySource("shop"), InMemorySink("lake")] public partial Changes<Item> Items { get; } }""";

    private static string InClass(string members, string orders = Orders) => $$"""{{Rows}} [CdcPipeline("p")] public sealed partial class P { {{orders}} {{members}} }""" + "\n";

    private static string Bar(string capabilities) => $$"""
        [SinkCapabilities(SinkKind.{{capabilities}})]
        public sealed class BarSinkAttribute(string connection) : SinkAttribute(connection)
        {
            public override ISinkConnection CreateConnection(ConnectorContext context) => throw new NotSupportedException();
        }
        """;
}
