using System.Text.RegularExpressions;

namespace CdcFlow.Repository.Tests;

/// <summary>An error that comes back at every start is a defect unless there is a way to go on: for each code a test takes the way that its message names,
/// marked by <c>[Trait("WayOut", "CDCFnnnn")]</c>, or <c>WaysOut.tsv</c> says why there is none to take.</summary>
public sealed partial class WayOutTests
{
    private static readonly Dictionary<string, string> exempt = Repository.Read("tests/CdcFlow.Repository.Tests/WaysOut.tsv")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('\t'))
        .ToDictionary(fields => fields[0], fields => fields[1], StringComparer.Ordinal);

    private static readonly HashSet<string> taken = [.. Repository.Files("*.cs", "tests").SelectMany(file => Mark().Matches(Repository.Read(file))).Select(mark => mark.Groups[1].Value)];

    [Fact]
    public void Every_error_has_a_way_out_that_a_test_takes_or_a_reason_why_there_is_none() =>
        Assert.Equal(
            Row().Matches(Repository.Read("docs/reference/errors.md")).Select(row => row.Groups[1].Value),
            taken.Concat(exempt.Keys).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void No_error_has_both() => Assert.Empty(taken.Intersect(exempt.Keys));

    [Fact]
    public void Every_reason_is_a_sentence() => Assert.All(exempt, entry => Assert.Matches("^[A-Z].{15,}\\.$", entry.Value));

    [GeneratedRegex("Trait\\(\"WayOut\", \"(CDCF[0-9]{4})\"\\)")]
    private static partial Regex Mark();

    [GeneratedRegex("</a>(CDCF[0-9]{4}) \\|")]
    private static partial Regex Row();
}
