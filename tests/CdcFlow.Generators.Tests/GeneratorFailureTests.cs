using CdcFlow.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CdcFlow.Generators.Tests;

/// <summary>CDCF099: the generator's own failure is an error with a code, for the pipeline that it happened on and no other.</summary>
public sealed class GeneratorFailureTests
{
    private const string Pipelines = Source.Shop + """
        public sealed record Order([property: Key] long Id);
        [CdcPipeline("bad")] public sealed partial class Bad { [InMemorySource("shop"), InMemorySink("lake")] public partial Changes<Order> Orders { get; } }
        [CdcPipeline("good")] public sealed partial class Good { [InMemorySource("shop"), InMemorySink("lake")] public partial Changes<Order> Orders { get; } }
        """;

    [Fact]
    public void Failure_is_reported_on_one_line_and_other_pipelines_are_written()
    {
        var result = Run(new PipelineGenerator(model => model.Name == "bad" ? throw new NotSupportedException("first\nsecond") : "// good"));
        var problem = Assert.Single(result.Diagnostics);
        Assert.Equal(("CDCF099", DiagnosticSeverity.Error), (problem.Id, problem.Severity));
        Assert.Contains("NotSupportedException: first second", problem.GetMessage(), StringComparison.Ordinal);
        Assert.Equal("// good", Assert.Single(result.GeneratedTrees).ToString());
    }

    [Fact]
    public void Generator_that_does_not_fail_reports_nothing()
    {
        var result = Run(new PipelineGenerator());
        Assert.Empty(result.Diagnostics);
        Assert.Equal(2, result.GeneratedTrees.Length);
    }

    [Fact]
    public void Classes_whose_names_differ_by_case_alone_have_files_of_their_own()
    {
        var result = Run(new PipelineGenerator(), Pipelines.Replace("class Bad", "class GOOD", StringComparison.Ordinal));
        Assert.Equal(["Shop.GOOD.Graph.g.cs", "Shop.Good.2.Graph.g.cs"], result.GeneratedTrees.Select(tree => Path.GetFileName(tree.FilePath)));
    }

    private static GeneratorDriverRunResult Run(PipelineGenerator generator, string pipelines = Pipelines) =>
        CSharpGeneratorDriver.Create([generator.AsSourceGenerator()], parseOptions: Source.ParseOptions)
            .RunGenerators(Source.Compile(pipelines), TestContext.Current.CancellationToken).GetRunResult();
}
