using System.Text.RegularExpressions;

namespace CdcFlow.Repository.Tests;

/// <summary>A refusal that a start meets is one that <c>validate</c> tells. <c>Validated.tsv</c> says by which tests that is shown of a code: most by those of its way out, which ask the checks before
/// each start that they see fail. Of all others <c>Unvalidated.tsv</c> says why they are none of a start, or why only a start can tell them.</summary>
public sealed partial class StartRefusalTests
{
    private static readonly (string Text, string[] Codes)[] shown = Rows("Validated.tsv");

    private static readonly (string Text, string[] Codes)[] reasons = Rows("Unvalidated.tsv");

    [Fact]
    public void Every_error_is_told_by_validate_or_has_a_reason_why_it_is_not() => Assert.Equal(
        Code().Matches(Repository.Read("docs/reference/errors.md")).Select(row => row.Groups[1].Value),
        shown.Concat(reasons).SelectMany(row => row.Codes).Order(StringComparer.Ordinal));

    [Fact]
    public void Tests_that_show_it_are_there() => Assert.All(shown, row =>
    {
        var files = row.Text.EndsWith(".cs", StringComparison.Ordinal) ? [row.Text] : Repository.Files("*.cs", row.Text).ToArray();
        var marked = files.SelectMany(file => Mark().Matches(Repository.Read(file))).Select(mark => mark.Groups[1].Value).ToHashSet();
        Assert.DoesNotContain(row.Codes, code => !marked.Contains(code));
    });

    [Fact]
    public void Every_reason_is_a_sentence() => Assert.All(reasons, row => Assert.Matches("^[A-Z].{15,}\\.$", row.Text));

    private static (string Text, string[] Codes)[] Rows(string file) =>
        [.. Repository.Read($"tests/CdcFlow.Repository.Tests/{file}").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Select(fields => (fields[0], fields[1].Split(' ')))];

    [GeneratedRegex("Trait\\(\"(?:WayOut|Validated)\", \"(CDCF[0-9]{4})\"\\)")]
    private static partial Regex Mark();

    [GeneratedRegex("</a>(CDCF[0-9]{4}) \\|")]
    private static partial Regex Code();
}
