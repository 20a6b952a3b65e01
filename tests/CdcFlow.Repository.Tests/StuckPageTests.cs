using System.Text.RegularExpressions;

namespace CdcFlow.Repository.Tests;

/// <summary>Who is stuck finds every code that asks something of them on one page, once, sorted by what they see.</summary>
public sealed partial class StuckPageTests
{
    private static readonly List<string> linked = [.. Link().Matches(Repository.Read("docs/how-to/it-is-stuck.md")).Select(link => link.Groups[1].Value)];

    [Fact]
    public void Every_code_that_needs_an_act_is_reached_from_the_page_and_no_other() => Assert.Equal(
        Row().Matches(Repository.Read("docs/reference/errors.md"))
            .Where(row => !row.Groups["happened"].Value.StartsWith("Warning", StringComparison.Ordinal) && !row.Groups["act"].Value.StartsWith("Nothing", StringComparison.Ordinal))
            .Select(row => row.Groups["anchor"].Value),
        linked.Order(StringComparer.Ordinal));

    [Fact]
    public void Page_is_linked_where_somebody_who_is_stuck_looks() =>
        Assert.All(["docs/reference/errors.md", "docs/index.md"], page => Assert.Contains("how-to/it-is-stuck.md", Repository.Read(page), StringComparison.Ordinal));

    [GeneratedRegex(@"^\| <a id=""(?<anchor>cdcf[0-9]{4})""></a>CDCF[0-9]{4} \| (?<happened>.*?) \| (?<act>.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"errors\.md#(cdcf[0-9]{4})")]
    private static partial Regex Link();
}
