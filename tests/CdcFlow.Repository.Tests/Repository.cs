using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CdcFlow.Repository.Tests;

/// <summary>The checkout that the test runs in: its files as they are on disk, its projects and their assemblies as they were built.</summary>
internal static partial class Repository
{
    private static readonly string[] skippedFolders = [".git", ".servers", ".vs", ".idea", "artifacts", "bin", "obj", "TestResults"];

    internal static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Names of the projects under <c>src/</c>.</summary>
    internal static IReadOnlyList<string> SourceProjects { get; } =
        [.. Directory.EnumerateDirectories(Path.Combine(Root, "src")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    internal static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Paths relative to the root, with forward slashes, of everything below <paramref name="folders"/> that is not a build product.</summary>
    internal static IEnumerable<string> Files(string pattern, params string[] folders) =>
        (folders.Length == 0 ? [""] : folders)
            .Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Intersect(skippedFolders).Any())
            .Order(StringComparer.Ordinal);

    /// <summary>Projects that <paramref name="project"/>'s file refers to, without generators (they leave no reference behind).</summary>
    internal static IEnumerable<string> ProjectReferences(string project) =>
        Items(project, "ProjectReference")
            .Where(item => item.Attribute("OutputItemType")?.Value != "Analyzer")
            .Select(item => Path.GetFileNameWithoutExtension(item.Attribute("Include")!.Value.Replace('\\', '/')));

    internal static IEnumerable<string> PackageReferences(string project) =>
        Items(project, "PackageReference").Select(item => item.Attribute("Include")!.Value);

    /// <summary>Assemblies that the compiled <paramref name="project"/> really uses.</summary>
    internal static IReadOnlyList<string> AssemblyReferences(string project)
    {
        using var image = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{project}.dll")));
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    private static IEnumerable<XElement> Items(string project, string kind) =>
        XDocument.Load(Path.Combine(Root, "src", project, $"{project}.csproj")).Descendants(kind);

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "CdcFlow.sln"))
            ? folder
            : FindRoot(Path.GetDirectoryName(folder.TrimEnd('/', '\\')) ?? throw new InvalidOperationException("The tests do not run inside a checkout."));

    /// <summary>A diagnostic or error code as a string literal: how the product names the codes it reports.</summary>
    [GeneratedRegex("\"(CDCF[0-9]{3,4})\"")]
    internal static partial Regex CodeLiteral();
}
