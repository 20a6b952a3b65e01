using System.Reflection;
using CdcFlow.Generators.Model;
using CdcFlow.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CdcFlow.Generators.Tests;

/// <summary>An edit elsewhere generates nothing again: the model is a value.</summary>
public sealed class IncrementalityTests
{
    private const string Text = Source.Shop + """
        public sealed record Order([property: Key] long Id, decimal Total);

        [CdcPipeline("orders")]
        public sealed partial class OrdersPipeline
        {
            [InMemorySource("shop"), InMemorySink("lake", Name = "raw")]
            public partial Changes<Order> Orders { get; }

            [Filter(From = nameof(Orders)), InMemorySink("lake", Name = "large")]
            public static bool IsLarge(Order order) => order.Total > 100;
        }
        """;

    [Fact]
    public void Unrelated_file_changes_nothing() =>
        Assert.All(Rerun(input => input.AddSyntaxTrees(Parse("internal static class Unrelated;"))), reason => Assert.True(IsCached(reason)));

    [Fact]
    public void Line_above_the_class_changes_nothing() =>
        Assert.All(Rerun(input => Replace(input, Text.Replace("[CdcPipeline", "// A remark.\n\n[CdcPipeline", StringComparison.Ordinal))), reason => Assert.True(IsCached(reason)));

    [Fact]
    public void Other_layout_of_a_body_changes_nothing() =>
        Assert.All(Rerun(input => Replace(input, Text.Replace("> 100", "\n        > /* much */ 100", StringComparison.Ordinal))), reason => Assert.True(IsCached(reason)));

    [Fact]
    public void Other_body_generates_again() =>
        Assert.Contains(IncrementalStepRunReason.Modified, Rerun(input => Replace(input, Text.Replace("> 100", "> 200", StringComparison.Ordinal))));

    [Fact]
    public void New_sink_generates_again() =>
        Assert.Contains(
            IncrementalStepRunReason.Modified,
            Rerun(input => Replace(input, Text.Replace("\"large\"", "\"big\"", StringComparison.Ordinal))));

    [Fact]
    public void Lock_that_is_written_again_as_it_was_generates_nothing() => Assert.All(Relock(@lock => @lock + "\n"), reason => Assert.True(IsCached(reason)));

    [Fact]
    public void Another_table_of_the_lock_generates_nothing() =>
        Assert.All(Relock(@lock => @lock.Replace("\"Twos\"", "\"Threes\"", StringComparison.Ordinal)), reason => Assert.True(IsCached(reason)));

    [Fact]
    public void Column_of_the_lock_generates_again() =>
        Assert.Contains(IncrementalStepRunReason.Modified, Relock(@lock => @lock.Replace("numeric(12,2)", "numeric(14,2)", StringComparison.Ordinal)));

    [Fact]
    public void Model_holds_values_only()
    {
        var seen = new HashSet<Type>();
        var open = new Stack<Type>([typeof(PipelineModel)]);
        while (open.TryPop(out var type))
        {
            if (!seen.Add(type) || type == typeof(string) || type.IsPrimitive || type.IsEnum)
            {
                continue;
            }

            Assert.True(type.Namespace == typeof(PipelineModel).Namespace, $"{type} is in the model, and a symbol, node or location would hold a compilation.");
            var held = type.IsGenericType ? type.GetGenericArguments() : type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Select(property => property.PropertyType);
            foreach (var each in held)
            {
                open.Push(each);
            }
        }

        Assert.Contains(typeof(ColumnModel), seen);
    }

    private static bool IsCached(IncrementalStepRunReason reason) => reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged;

    private static List<IncrementalStepRunReason> Relock(Func<string, string> edit)
    {
        const string text = Source.Shop + """
            [CdcPipeline("orders")]
            public sealed partial class OrdersPipeline
            {
                [CdcFlow.Postgres.PostgresSource("shop"), InMemorySink("lake")] public partial Changes<Order> Orders { get; }
            }
            public sealed record Order([property: Key] long Id, decimal Total);
            """;
        const string schema = """
            { "format": 1, "connections": { "shop": { "server": "PostgreSQL 15", "tables": [
              { "schema": "public", "name": "Order", "key": ["id"], "replicaIdentity": "default", "columns": [
                { "name": "id", "type": "bigint", "kind": "Int64" }, { "name": "total", "type": "numeric(12,2)", "kind": "Numeric" }] },
              { "schema": "public", "name": "Twos", "key": [], "replicaIdentity": "full", "columns": [] }] } } }
            """;
        ProjectFile[] files = [new("cdcflow.schema.json", schema), new("cdcflow.schema.json", edit(schema))];
        Assert.Contains("LockedTable", Assert.Single(Source.Generate(Source.Compile(text), files[0]).Result.GeneratedTrees).ToString(), StringComparison.Ordinal);
        var driver = Driver().AddAdditionalTexts([files[0]]).RunGenerators(Source.Compile(text), TestContext.Current.CancellationToken);
        return Reasons(driver.ReplaceAdditionalText(files[0], files[1]).RunGenerators(Source.Compile(text), TestContext.Current.CancellationToken), StepNames.LockedPipelines);
    }

    private static List<IncrementalStepRunReason> Rerun(Func<CSharpCompilation, CSharpCompilation> edit)
    {
        var input = Source.Compile(Text);
        return Reasons(
            Driver().RunGenerators(input, TestContext.Current.CancellationToken).RunGenerators(edit(input), TestContext.Current.CancellationToken), StepNames.Pipelines);
    }

    private static CSharpGeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new PipelineGenerator().AsSourceGenerator()], parseOptions: Source.ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private static List<IncrementalStepRunReason> Reasons(GeneratorDriver driver, string step)
    {
        var result = driver.GetRunResult().Results[0];
        var steps = result.TrackedSteps[step].Concat(result.TrackedOutputSteps.SelectMany(pair => pair.Value));
        return [.. steps.SelectMany(each => each.Outputs).Select(output => output.Reason)];
    }

    private static CSharpCompilation Replace(CSharpCompilation input, string text) => input.ReplaceSyntaxTree(input.SyntaxTrees[0], Parse(text));

    private static SyntaxTree Parse(string text) => CSharpSyntaxTree.ParseText(text, Source.ParseOptions, "Source0.cs");
}
