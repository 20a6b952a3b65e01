using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CdcFlow.Generators.Tests.Compiling;

/// <summary>A sample in which <c>[|…|]</c> marks where something is reported. What stands behind <see cref="SettingsFile"/> is the project's settings.</summary>
internal sealed class Sample
{
    public const string SettingsFile = "// appsettings.json:";

    public Sample(string sample)
    {
        var parts = sample.Split(SettingsFile);
        var marked = parts[0];
        Files = [.. parts.Skip(1).Select(settings => new ProjectFile("appsettings.json", settings))];
        var start = marked.IndexOf("[|", StringComparison.Ordinal);
        var end = marked.IndexOf("|]", StringComparison.Ordinal);
        Text = Source.Shop + marked.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal);
        Marked = start < 0 ? null : new TextSpan(Source.Shop.Length + start, end - start - 2);
    }

    public string Text { get; }

    public AdditionalText[] Files { get; }

    public TextSpan? Marked { get; }

    public string Show(TextSpan? place) => place is { } span ? Text.Substring(span.Start, span.Length) : "nowhere";
}
