using System.Reflection;
using CdcFlow.Generators.Analyzers;
using CdcFlow.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CdcFlow.Generators.Tests;

/// <summary>Every descriptor is documented, tracked, reported by somebody and covered by a sample.</summary>
public sealed class DescriptorTests
{
    /// <summary>Reported elsewhere than in code: see <see cref="SchemaLockTests"/>. And no code makes the generator fail; <see cref="GeneratorFailureTests"/> has one that does.</summary>
    private static readonly string[] withoutSample = ["CDCF080", "CDCF099"];

    private static readonly IReadOnlyList<DiagnosticDescriptor> all =
        [.. typeof(Descriptors).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (DiagnosticDescriptor)field.GetValue(null)!)];

    public static TheoryData<string> Ids => [.. all.Select(descriptor => descriptor.Id)];

    [Theory, MemberData(nameof(Ids))]
    public void Descriptor_has_a_page_that_says_what_why_and_how_to_suppress(string id)
    {
        var page = File.ReadAllText(Path.Combine(Root(AppContext.BaseDirectory), "docs", "diagnostics", $"{id}.md"));
        Assert.StartsWith($"# {id}: ", page, StringComparison.Ordinal);
        Assert.All(["## What", "## Why", "## How to suppress"], heading => Assert.Contains(heading, page, StringComparison.Ordinal));
        Assert.EndsWith($"/docs/diagnostics/{id}.md", all.Single(descriptor => descriptor.Id == id).HelpLinkUri, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Ids))]
    public void Descriptor_has_a_sample(string id) =>
        Assert.True(withoutSample.Contains(id) || DiagnosticSamples.All.Any(sample => sample.Id == id));

    [Fact]
    public void Ids_are_given_once() => Assert.Equal(all.Count, all.Select(descriptor => descriptor.Id).Distinct().Count());

    [Fact]
    public void Every_descriptor_is_reported_by_an_analyzer_or_the_generator()
    {
        DiagnosticAnalyzer[] analyzers = [new PipelineAnalyzer(), new StateAnalyzer(), new CheckpointStoreAnalyzer(), new SchemaLockAnalyzer()];
        var reported = analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).Append(Descriptors.GeneratorFailed);
        Assert.Equal(all.OrderBy(each => each.Id, StringComparer.Ordinal), reported.OrderBy(each => each.Id, StringComparer.Ordinal));
    }

    [Fact]
    public void Names_that_the_generator_looks_for_are_those_of_the_types()
    {
        var names = typeof(KnownNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetValue(null)!);
        Assembly[] homes =
        [
            typeof(CdcPipelineAttribute).Assembly, typeof(System.ComponentModel.DataAnnotations.KeyAttribute).Assembly,
            typeof(Microsoft.EntityFrameworkCore.KeylessAttribute).Assembly, typeof(NpgsqlTypes.PgNameAttribute).Assembly, typeof(object).Assembly,
            typeof(System.Collections.BitArray).Assembly, typeof(System.Text.Json.JsonDocument).Assembly, typeof(System.Runtime.Serialization.EnumMemberAttribute).Assembly,
        ];
        Assert.All(names, name => Assert.Contains(homes, home => home.GetType(name) is not null));
    }

    private static string Root(string folder) => File.Exists(Path.Combine(folder, "CdcFlow.sln")) ? folder : Root(Path.GetDirectoryName(folder.TrimEnd('/', '\\'))!);
}
