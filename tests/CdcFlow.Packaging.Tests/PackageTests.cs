using System.IO.Compression;
using System.Xml.Linq;

namespace CdcFlow.Packaging.Tests;

/// <summary>The packages as they are: what lies in them, and that a program which refers to any one has the compiler's half too.</summary>
public sealed class PackageTests(PackageFeed feed) : IDisposable
{
    private static readonly string[] connectors = ["CdcFlow.Files", "CdcFlow.Kafka", "CdcFlow.Postgres"];

    private readonly Newcomer newcomer = new(feed);

    public void Dispose() => newcomer.Dispose();

    [Fact]
    public async Task Program_that_refers_to_any_package_has_generator_and_analyzers()
    {
        var names = await NamesAsync(feed.Package("CdcFlow.Abstractions"));
        Assert.Contains("analyzers/dotnet/cs/CdcFlow.Generators.dll", names);
        Assert.Contains("analyzers/dotnet/cs/CdcFlow.CodeFixes.dll", names);
        Assert.Contains("buildTransitive/CdcFlow.Abstractions.props", names);

        var templates = Path.Combine(PackageFeed.Checkout(AppContext.BaseDirectory), "tests", "CdcFlow.Packaging.Tests", "Consumer");
        File.Copy(Path.Combine(templates, "Program.cs.txt"), Path.Combine(newcomer.Folder, "Program.cs"));
        File.Copy(Path.Combine(templates, "Consumer.csproj.txt"), Path.Combine(newcomer.Folder, "Consumer.csproj"));
        Assert.Contains("orders: 3 nodes, large", await newcomer.DotnetAsync("run"), StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(newcomer.Folder, "appsettings.json"), "{}", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(newcomer.Folder, "cdcflow.schema.json"), "{", TestContext.Current.CancellationToken);
        var (code, complaints) = await newcomer.TryAsync("dotnet", "build", "--no-restore", "-p:DefineConstants=WRONG");
        Assert.NotEqual(0, code);
        Assert.Contains("CDCF010", complaints, StringComparison.Ordinal);
        Assert.Contains("CDCF042", complaints, StringComparison.Ordinal);
        Assert.Contains("cdcflow.schema.json(1,1): error CDCF080", complaints, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kafka_brings_what_trimmed_programs_need_and_no_library_but_its_own()
    {
        var names = await NamesAsync(feed.Package("CdcFlow.Kafka"));
        Assert.Contains("buildTransitive/CdcFlow.Kafka.targets", names);
        Assert.Equal(["lib/net10.0/CdcFlow.Kafka.dll"], names.Where(name => Path.GetExtension(name) is ".dll" or ".so" or ".dylib"));
    }

    [Fact]
    public async Task Every_package_says_what_it_is()
    {
        foreach (var package in Directory.GetFiles(feed.Folder, "*.nupkg"))
        {
            var metadata = await MetadataAsync(package);
            Assert.Equal("MIT", Value(metadata, "license"));
            Assert.Equal("README.md", Value(metadata, "readme"));
            Assert.False(Value(metadata, "description") is null or "Package Description", package);
            Assert.Contains("README.md", await NamesAsync(package));
        }
    }

    [Fact]
    public async Task Every_library_has_its_symbols_and_its_documentation()
    {
        foreach (var package in Directory.GetFiles(feed.Folder, "*.nupkg"))
        {
            foreach (var library in (await NamesAsync(package)).Where(name => name.StartsWith("lib/", StringComparison.Ordinal) && name.EndsWith(".dll", StringComparison.Ordinal)))
            {
                Assert.Contains(Path.ChangeExtension(library, ".pdb"), await NamesAsync(Path.ChangeExtension(package, ".snupkg")));
                Assert.Contains(Path.ChangeExtension(library, ".xml"), await NamesAsync(package));
            }
        }
    }

    [Fact]
    public async Task One_package_and_a_connector_are_a_whole_program()
    {
        Assert.Equal(["CdcFlow.Hosting"], await DependenciesAsync("CdcFlow"));
        Assert.DoesNotContain(await NamesAsync(feed.Package("CdcFlow")), name => name.EndsWith(".dll", StringComparison.Ordinal));
        foreach (var connector in connectors)
        {
            Assert.Contains("CdcFlow.Abstractions", await DependenciesAsync(connector));
        }
    }

    private async Task<IEnumerable<string>> DependenciesAsync(string id) =>
        (await MetadataAsync(feed.Package(id))).Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value);

    private static string? Value(XElement metadata, string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;

    private static async Task<XElement> MetadataAsync(string package)
    {
        await using var zip = await ZipFile.OpenReadAsync(package, TestContext.Current.CancellationToken);
        await using var specification = await zip.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).OpenAsync(TestContext.Current.CancellationToken);
        return (await XDocument.LoadAsync(specification, LoadOptions.None, TestContext.Current.CancellationToken)).Root!.Elements().First();
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(string package)
    {
        await using var zip = await ZipFile.OpenReadAsync(package, TestContext.Current.CancellationToken);
        return [.. zip.Entries.Select(entry => entry.FullName)];
    }
}
