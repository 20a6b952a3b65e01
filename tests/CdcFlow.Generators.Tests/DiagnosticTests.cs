using CdcFlow.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Tests;

/// <summary>Every diagnostic has a sample that it is reported on, at the marked place and with nothing else, and the fixed sample is clean.</summary>
public sealed class DiagnosticTests
{
    public static TheoryData<string, string> Wrong => [.. DiagnosticSamples.All.Select(sample => (sample.Id, sample.Wrong))];

    public static TheoryData<string, string> Right => [.. DiagnosticSamples.All.Select(sample => (sample.Id, sample.Right))];

    [Theory, MemberData(nameof(Wrong))]
    public async Task Wrong_code_is_reported_at_its_place_and_nothing_else_is(string id, string wrong)
    {
        var sample = new Sample(wrong);
        var problem = Assert.Single(await Source.AnalyzeAsync(Source.Compile(sample.Text), sample.Files));
        Assert.Equal(id, problem.Id);
        Assert.Equal(sample.Show(sample.Marked), sample.Show(problem.Location.SourceSpan));
        Assert.Equal(sample.Marked, problem.Location.SourceSpan);
    }

    [Theory, MemberData(nameof(Right))]
    public async Task Fixed_code_is_clean_and_compiles(string id, string right)
    {
        var sample = new Sample(right);
        var input = Source.Compile(sample.Text);
        Assert.DoesNotContain(await Source.AnalyzeAsync(input, sample.Files), problem => problem.Id == id || problem.Severity == DiagnosticSeverity.Error);
        Assert.Empty(Source.Complaints(input));
    }
}
