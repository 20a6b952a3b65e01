using System.Collections.Immutable;
using CdcFlow.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.Generators.Tests.Documentation;

/// <summary>No C# on any page escapes the compiler: it is a file with its namespaces, a few lines of a file that is compiled elsewhere, or what a diagnostic's page calls wrong or right.</summary>
public sealed class SnippetTests
{
    private const string Diagnostics = "docs/diagnostics/";

    private const int ShownFromElsewhere = 12;

    private static readonly string[] languages = ["csharp", "ini", "json", "sh", "sql", "text", "xml"];

    /// <summary>These speak of the project around a pipeline, which a snippet does not have, and of its readers.</summary>
    private static readonly string[] ofProjects = ["CDCF042", "CDCF043"];

    private static IEnumerable<Snippet> CSharp => Snippet.All.Where(snippet => snippet.Language == "csharp");

    public static TheoryData<string> Files => [.. CSharp.Where(snippet => snippet.From is null && !snippet.Page.StartsWith(Diagnostics, StringComparison.Ordinal)).Select(snippet => snippet.ToString())];

    public static TheoryData<string> OfDiagnostics => [.. CSharp.Where(snippet => snippet.Page.StartsWith(Diagnostics, StringComparison.Ordinal)).Select(snippet => snippet.ToString())];

    public static TheoryData<string> FromElsewhere => [.. CSharp.Where(snippet => snippet.From is not null).Select(snippet => snippet.ToString())];

    [Fact]
    public void Every_block_says_in_a_word_what_language_it_is_in() =>
        Assert.Empty(Snippet.All.Where(snippet => !languages.Contains(snippet.Language) || (snippet.From is not null && snippet.Language != "csharp")).Select(snippet => $"{snippet}: {snippet.Language}"));

    [Theory, MemberData(nameof(Files))]
    public async Task Snippet_is_a_file_that_compiles_with_the_namespaces_it_shows(string place)
    {
        var input = Compile(Surroundings.OfFile(Find(place).Text));
        Assert.Empty(Complaints(input).Where(problem => problem.Severity >= DiagnosticSeverity.Warning || IsUnusedUsing(problem)).Select(Show));
        Assert.Empty((await Source.AnalyzeAsync(input)).Where(problem => problem.Severity >= DiagnosticSeverity.Warning && IsOfSnippet(problem) && !ofProjects.Contains(problem.Id)).Select(Show));
    }

    [Theory, MemberData(nameof(OfDiagnostics))]
    public async Task Snippet_of_a_diagnostic_is_reported_where_it_is_wrong_and_compiles_where_it_is_right(string place)
    {
        var snippet = Find(place);
        var id = Path.GetFileNameWithoutExtension(snippet.Page);
        var isFile = snippet.Text.StartsWith("using ", StringComparison.Ordinal); // no pipeline's, but a reader's
        var input = Compile(isFile ? Surroundings.OfFile(snippet.Text) : Surroundings.OfMembers(snippet.Text));
        var found = await Source.AnalyzeAsync(input);
        if (snippet.Heading == "Wrong" && !isFile && !IsOfLock(id))
        {
            Assert.Contains(id, found.Select(problem => problem.Id));
            return;
        }

        Assert.Empty(found.Where(problem => problem.Severity == DiagnosticSeverity.Error || problem.Id == id).Select(Show));
        Assert.Empty(Complaints(input).Where(problem => problem.Severity == DiagnosticSeverity.Error).Select(Show));
    }

    [Theory, MemberData(nameof(FromElsewhere))]
    public void Snippet_from_elsewhere_is_lines_of_a_compiled_file_in_their_order(string place)
    {
        var snippet = Find(place);
        var file = Path.Combine(Snippet.Root, Path.GetDirectoryName(snippet.Page)!, snippet.From!);
        var lines = new Queue<string>(Lines(File.ReadAllText(file)));
        Assert.DoesNotContain(Lines(snippet.Text), line => !SkipTo(lines, line));
    }

    [Fact]
    public void Few_snippets_are_from_elsewhere() => Assert.InRange(FromElsewhere.Count, 1, ShownFromElsewhere);

    /// <summary>What is wrong or right by the schema lock that a project has, and compiles either way; <see cref="DiagnosticSamples"/> have locks.</summary>
    private static bool IsOfLock(string id) => id.StartsWith("CDCF08", StringComparison.Ordinal);

    private static Snippet Find(string place) => Snippet.All.Single(snippet => snippet.ToString() == place);

    private static CSharpCompilation Compile(string[] texts)
    {
        var compilation = Source.Compile(texts);
        var isProgram = compilation.SyntaxTrees.Any(tree => tree.GetRoot().ChildNodes().OfType<GlobalStatementSyntax>().Any());
        return compilation.WithOptions(compilation.Options
            .WithOutputKind(isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary)
            .WithGeneralDiagnosticOption(ReportDiagnostic.Default)
            .WithSpecificDiagnosticOptions(new Dictionary<string, ReportDiagnostic> { ["CS1591"] = ReportDiagnostic.Suppress }));
    }

    /// <summary>What the compiler says of the snippet with its generated half, hidden hints included.</summary>
    private static ImmutableArray<Diagnostic> Complaints(Compilation input) => Source.Generate(input).Output.GetDiagnostics(TestContext.Current.CancellationToken);

    private static bool IsUnusedUsing(Diagnostic problem) => problem.Id == "CS8019" && IsOfSnippet(problem);

    /// <summary>The snippet is the first of the compilation's texts; the others are what it takes as known.</summary>
    private static bool IsOfSnippet(Diagnostic problem) => problem.Location.SourceTree?.FilePath == "Source0.cs";

    private static string Show(Diagnostic problem) => $"{problem.Id} {problem.GetMessage()} at {problem.Location.GetLineSpan().StartLinePosition}: {problem.Location.SourceTree?.GetText().Lines[problem.Location.GetLineSpan().StartLinePosition.Line]}";

    private static bool SkipTo(Queue<string> lines, string wanted)
    {
        while (lines.TryDequeue(out var line))
        {
            if (line == wanted)
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<string> Lines(string code) => code.Split('\n').Select(line => line.Split("//")[0].Trim()).Where(line => line.Length > 0);
}
