using System.Text.RegularExpressions;

namespace CdcFlow.Repository.Tests;

/// <summary>Documentation that cannot rot unseen: every code has its page and every page its code, and no link leads nowhere.</summary>
public sealed partial class DocumentationTests
{
    private const string ErrorTable = "docs/reference/errors.md";

    [Fact]
    public void Every_build_diagnostic_has_a_page_and_every_page_a_diagnostic() =>
        Assert.Equal(
            Codes("generators").Where(IsDiagnostic),
            Repository.Files("CDCF*.md", "docs/diagnostics").Select(path => Path.GetFileNameWithoutExtension(path)!));

    [Fact]
    public void Every_run_time_error_has_a_row_and_every_row_an_error() =>
        Assert.Equal(Codes("src").Where(code => !IsDiagnostic(code)), ErrorRows().Order(StringComparer.Ordinal));

    [Fact]
    public void Rows_of_the_error_table_are_sorted() => Assert.Equal(ErrorRows().Order(StringComparer.Ordinal), ErrorRows());

    [Fact]
    public void Every_row_has_the_anchor_that_the_error_links_to() =>
        Assert.Empty(ErrorRow().Matches(Repository.Read(ErrorTable)).Where(row => !row.Groups["anchor"].Value.Equals(row.Groups["code"].Value, StringComparison.OrdinalIgnoreCase)));

    [Fact]
    public void No_relative_link_is_dead()
    {
        var dead = from page in Repository.Files("*.md")
                   from Match link in Link().Matches(WithoutCode(Repository.Read(page)))
                   let target = link.Groups[1].Value.Split('#')[0]
                   where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
                   let path = Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, target)
                   where !File.Exists(path) && !Directory.Exists(path)
                   select $"{page}: {target}";
        Assert.Empty(dead);
    }

    [Fact]
    public void Page_that_the_code_names_exists()
    {
        var dead = from file in Repository.Files("*.cs", "src", "generators")
                   from Match page in Page().Matches(Repository.Read(file))
                   where !File.Exists(Path.Combine(Repository.Root, page.Value))
                   select $"{file}: {page.Value}";
        Assert.Empty(dead);
    }

    [Fact]
    public void Page_on_metrics_lists_every_instrument_with_its_unit()
    {
        var made = Repository.Files("*.cs", "src").SelectMany(file => Instrument().Matches(Repository.Read(file))).Select(match => (match.Groups[1].Value, match.Groups[2].Value));
        var listed = MetricRow().Matches(Repository.Read("docs/reference/metrics.md")).Select(match => (match.Groups[1].Value, match.Groups[2].Value));
        Assert.Equal(made.Order(), listed.Order());
    }

    private static IEnumerable<string> Codes(string folder) =>
        Repository.Files("*.cs", folder)
            .SelectMany(path => Repository.CodeLiteral().Matches(Repository.Read(path)))
            .Select(match => match.Groups[1].Value)
            .Distinct().Order(StringComparer.Ordinal);

    private static List<string> ErrorRows() => [.. ErrorRow().Matches(Repository.Read(ErrorTable)).Select(match => match.Groups["code"].Value)];

    private static bool IsDiagnostic(string code) => code.Length == "CDCF000".Length;

    // Square brackets before parentheses are a link in prose but an attribute or an index in code.
    private static string WithoutCode(string page) => Code().Replace(page, "");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\| (<a id=""(?<anchor>cdcf[0-9]{4})""></a>)?`?(?<code>CDCF[0-9]{4})`? \|", RegexOptions.Multiline)]
    private static partial Regex ErrorRow();

    [GeneratedRegex(@"""(cdcflow\.[a-z._]+)"",[^""]*""([^""]+)"", """)]
    private static partial Regex Instrument();

    [GeneratedRegex(@"^\| `(cdcflow\.[a-z._]+)` \| [a-z -]+ \| (\S+) \|", RegexOptions.Multiline)]
    private static partial Regex MetricRow();

    [GeneratedRegex(@"docs/[a-z0-9/-]+\.md")]
    private static partial Regex Page();

    [GeneratedRegex(@"^```.*?^```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();
}
