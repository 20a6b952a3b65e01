using System.Text.RegularExpressions;

namespace CdcFlow.Generators.Tests.Documentation;

/// <summary>A block of code on a page.</summary>
/// <param name="Page">The page's path from the root of the checkout.</param>
/// <param name="Line">Where the block begins, from 1.</param>
/// <param name="Heading">The heading that it stands under.</param>
/// <param name="Language">The first word behind the fence; empty where there is none.</param>
/// <param name="From">The compiled file whose lines the block shows: <c>```csharp from=../../tests/….cs</c>; null where the block is a file of its own.</param>
/// <param name="Text">The code.</param>
internal sealed partial record Snippet(string Page, int Line, string Heading, string Language, string? From, string Text)
{
    private static readonly string[] skippedFolders = [".git", ".servers", "artifacts", "bin", "obj", "TestResults"];

    /// <summary>The checkout.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Every block of every page.</summary>
    public static IReadOnlyList<Snippet> All { get; } =
        [.. Directory.EnumerateFiles(Root, "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Intersect(skippedFolders).Any())
            .Order(StringComparer.Ordinal)
            .SelectMany(Read)];

    public override string ToString() => $"{Page}:{Line}";

    private static IEnumerable<Snippet> Read(string page)
    {
        var text = File.ReadAllText(Path.Combine(Root, page));
        foreach (Match fence in Fence().Matches(text))
        {
            var before = text[..fence.Index];
            var indent = fence.Groups["indent"].Value;
            yield return new Snippet(
                page, before.Count(letter => letter == '\n') + 1, HeadingLine().Matches(before).LastOrDefault()?.Groups[1].Value ?? "", fence.Groups["language"].Value,
                fence.Groups["from"] is { Success: true } from ? from.Value : null,
                string.Join('\n', fence.Groups["text"].Value.Split('\n').Select(line => line.StartsWith(indent, StringComparison.Ordinal) ? line[indent.Length..] : line)));
        }
    }

    private static string FindRoot(string folder) => File.Exists(Path.Combine(folder, "CdcFlow.sln")) ? folder : FindRoot(Path.GetDirectoryName(folder.TrimEnd('/', '\\'))!);

    [GeneratedRegex(@"^(?<indent> *)```(?<language>[^\s]*)(?: from=(?<from>\S+))?[^\n]*\n(?<text>.*?)^\k<indent>```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^##+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex HeadingLine();
}
