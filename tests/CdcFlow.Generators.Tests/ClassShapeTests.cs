using CdcFlow.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Tests;

/// <summary>Classes that can have no second half: the compiler stops at their properties before it asks an analyzer, and says nothing of pipelines. So the generator does.</summary>
public sealed class ClassShapeTests
{
    private const string Order = "public sealed record Order([property: Key] long Id);\n";
    private const string Orders = """[InMemorySource("shop"), InMemorySink("lake")] public partial Changes<Order> Orders { get; }""";

    public static TheoryData<string, string> Wrong => new()
    {
        { "CDCF001", $$"""[CdcPipeline("p")] public sealed class [|P|] { {{Orders}} }""" },
        { "CDCF001", $$"""public class [|Outer|] { [CdcPipeline("p")] public sealed partial class P { {{Orders}} } }""" },
        { "CDCF002", $$"""[CdcPipeline("p")] public sealed partial class [|P|]<T> { {{Orders}} }""" },
        { "CDCF002", $$"""public partial class Outer<T> { [CdcPipeline("p")] public sealed partial class [|P|] { {{Orders}} } }""" },
        { "CDCF002", $$"""[CdcPipeline("p")] public sealed partial record [|P|] { {{Orders}} }""" },
        { "CDCF002", $$"""[CdcPipeline("p")] file sealed partial class [|P|] { {{Orders}} }""" },
        { "CDCF002", $$"""[CdcPipeline("p")] public abstract partial class [|P|] { {{Orders}} }""" },
        { "CDCF003", """[CdcPipeline("p")] public sealed partial class P { [InMemorySource("shop"), InMemorySink("lake")] public partial Changes<Order> [|Orders|] { get; set; } }""" },
        { "CDCF003", """[CdcPipeline("p")] public sealed partial class P { [InMemorySource("shop"), InMemorySink("lake")] public static partial Changes<Order> [|Orders|] { get; } }""" },
        { "CDCF003", """[CdcPipeline("p")] public sealed partial class P { [InMemorySource("shop"), InMemorySink("lake")] public partial List<Order> [|Orders|] { get; } }""" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task Command_line_says_what_is_wrong_once(string id, string wrong)
    {
        var sample = new Sample(Order + wrong);
        var input = Source.Compile(sample.Text);
        var (output, result) = Source.Generate(input);

        // The compiler asks the analyzers only where the declarations are right.
        var stops = output.GetDiagnostics(TestContext.Current.CancellationToken).Any(problem => problem.Severity == DiagnosticSeverity.Error);
        var said = stops ? result.Diagnostics : await Source.AnalyzeAsync(input);
        var problem = Assert.Single(said, problem => problem.Id.StartsWith("CDCF0", StringComparison.Ordinal));
        Assert.Equal((id, DiagnosticSeverity.Error), (problem.Id, problem.Severity));
        Assert.Equal(sample.Marked, problem.Location.SourceSpan);
        Assert.Equal("Source0.cs", problem.Location.GetLineSpan().Path);
        Assert.Equal(stops, result.Diagnostics.Length > 0);
    }

    [Fact]
    public void Class_that_the_compiler_does_not_stop_at_is_left_to_the_analyzers() =>
        Assert.Empty(Source.Generate(Source.Compile(Source.Shop + Order + """[CdcPipeline("p")] public sealed class P { }""")).Result.Diagnostics);
}
