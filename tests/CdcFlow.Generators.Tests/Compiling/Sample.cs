using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CdcFlow.Generators.Tests.Compiling;

/// <summary>A sample in which <c>[|…|]</c> marks where something is reported. What stands behind a line such as <c>// appsettings.json:</c> is another file of the project.</summary>
internal sealed partial class Sample
{
    public const string SettingsFile = "// appsettings.json:";

    public Sample(string sample)
    {
        var parts = OtherFile().Split(sample);
        var marked = parts[0];
        Files = [.. parts.Skip(1).Chunk(2).Select(file => new ProjectFile(file[0], file[1]))];
        var start = marked.IndexOf("[|", StringComparison.Ordinal);
        var end = marked.IndexOf("|]", StringComparison.Ordinal);
        Text = Source.Shop + marked.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal);
        Marked = start < 0 ? null : new TextSpan(Source.Shop.Length + start, end - start - 2);
    }

    public string Text { get; }

    public AdditionalText[] Files { get; }

    public TextSpan? Marked { get; }

    public string Show(TextSpan? place) => place is { } span ? Text.Substring(span.Start, span.Length) : "nowhere";

    [GeneratedRegex("// ([a-z.]+\\.json):")]
    private static partial Regex OtherFile();
}
