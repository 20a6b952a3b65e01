using System.Collections.Immutable;
using CdcFlow.Generators.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CdcFlow.Generators.Tests.Compiling;

/// <summary>C# text, compiled with the generator and the analyzers as a user's project is.</summary>
internal static class Source
{
    /// <summary>Row types and connectors that most samples use; lines of a sample are counted without it.</summary>
    public const string Shop = """
        using System;
        using System.Collections.Generic;
        using System.ComponentModel.DataAnnotations;
        using System.ComponentModel.DataAnnotations.Schema;
        using System.Threading;
        using System.Threading.Tasks;
        using CdcFlow;
        using CdcFlow.Configuration;
        using CdcFlow.Rows;
        using CdcFlow.Sinks;
        using CdcFlow.Sources;
        using CdcFlow.Testing;
        using ThirdParty.FooSink;

        #pragma warning disable CS1591 // Samples need no documentation; their generated halves do.

        namespace Shop;

        """;

    /// <summary>The assemblies that samples are compiled against.</summary>
    public static IReadOnlyList<string> ReferencePaths { get; } =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !path.EndsWith("CdcFlow.Generators.Tests.dll", StringComparison.Ordinal))];

    private static readonly ImmutableArray<MetadataReference> references = [.. ReferencePaths.Select(path => MetadataReference.CreateFromFile(path))];

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Preview, DocumentationMode.Diagnose);

    public static CSharpCompilation Compile(params string[] texts) => Compile(ParseOptions, texts);

    public static CSharpCompilation Compile(CSharpParseOptions options, params string[] texts) => CSharpCompilation.Create(
        "Shop", texts.Select((text, index) => CSharpSyntaxTree.ParseText(text, options, $"Source{index}.cs")), references,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, generalDiagnosticOption: ReportDiagnostic.Error));

    /// <summary>Runs the generator.</summary>
    public static (Compilation Output, GeneratorDriverRunResult Result) Generate(Compilation input, params AdditionalText[] files)
    {
        var driver = CSharpGeneratorDriver.Create([new PipelineGenerator().AsSourceGenerator()], files, (CSharpParseOptions)input.SyntaxTrees.First().Options)
            .RunGeneratorsAndUpdateCompilation(input, out var output, out _);
        return (output, driver.GetRunResult());
    }

    /// <summary>What the compiler says of a sample and its generated half, which is not let off anything; warnings are errors, generated text included.</summary>
    public static IEnumerable<Diagnostic> Complaints(Compilation input)
    {
        var (output, result) = Generate(input);
        foreach (var tree in result.GeneratedTrees)
        {
            var strict = string.Join('\n', tree.ToString().Split('\n').Where(line => !line.StartsWith("#pragma warning disable", StringComparison.Ordinal)));
            output = output.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(strict, (CSharpParseOptions)tree.Options, tree.FilePath));
        }

        return Said(output);
    }

    /// <summary>What the compiler says of a sample and its generated half as they are built.</summary>
    public static IEnumerable<Diagnostic> ComplaintsAsBuilt(Compilation input) => Said(Generate(input).Output);

    private static IEnumerable<Diagnostic> Said(Compilation output) =>
        output.GetDiagnostics(TestContext.Current.CancellationToken).Where(problem => problem.Severity != DiagnosticSeverity.Hidden);

    /// <summary>The text of the one generated file.</summary>
    public static string GeneratedText(string text) => Assert.Single(Generate(Compile(Shop + text)).Result.GeneratedTrees).ToString();

    /// <summary>Runs the analyzers over the sample and its generated half. What the generator says too, where the compiler would not have come to them, is the same.</summary>
    public static async Task<IReadOnlyList<Diagnostic>> AnalyzeAsync(Compilation input, params AdditionalText[] files)
    {
        var (output, result) = Generate(input, files);
        ImmutableArray<DiagnosticAnalyzer> analyzers = [new PipelineAnalyzer(), new StateAnalyzer(), new CheckpointStoreAnalyzer(), new SchemaLockAnalyzer()];
        var found = await output.WithAnalyzers(analyzers, new AnalyzerOptions([.. files])).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return [.. found.Concat(result.Diagnostics).DistinctBy(problem => (problem.Id, problem.Location.SourceSpan, problem.GetMessage())).OrderBy(problem => problem.Id, StringComparer.Ordinal)];
    }
}
