using System.IO.Compression;

namespace CdcFlow.Packaging.Tests;

/// <summary>The packages as a user has them: packed, put into a folder feed, and used by a program outside this repository.</summary>
public sealed class PackageTests : IAsyncLifetime
{
    private static readonly string[] packed =
        ["CdcFlow.Abstractions", "CdcFlow.Checkpointing", "CdcFlow.Snapshots", "CdcFlow.Formats", "CdcFlow.Runtime", "CdcFlow.Testing", "CdcFlow.Kafka"];

    private readonly string folder = Directory.CreateTempSubdirectory("cdcflow-packaging-").FullName;

    private string Feed => Path.Combine(folder, "feed");

    // A package cache of its own, so that the same version from an earlier run is not taken for this one.
    private Dictionary<string, string?> Environment => new()
    {
        ["NUGET_PACKAGES"] = Path.Combine(folder, "cache"),
        ["DOTNET_NOLOGO"] = "1",
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
    };

    private static string Configuration => AppContext.BaseDirectory.Contains("release", StringComparison.OrdinalIgnoreCase) ? "Release" : "Debug";

    public async ValueTask InitializeAsync()
    {
        foreach (var project in packed)
        {
            var (code, output) = await Shell.DotnetAsync(
                Root(AppContext.BaseDirectory), new Dictionary<string, string?>(), "pack", $"src/{project}", "--no-build", "-c", Configuration, "-o", Feed, "-v", "q", "-nodeReuse:false");
            Assert.True(code == 0, output);
        }

        var templates = Path.Combine(Root(AppContext.BaseDirectory), "tests", "CdcFlow.Packaging.Tests", "Consumer");
        File.Copy(Path.Combine(templates, "Program.cs.txt"), Path.Combine(folder, "Program.cs"));
        File.Copy(Path.Combine(templates, "Consumer.csproj.txt"), Path.Combine(folder, "Consumer.csproj"));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Program_that_refers_to_any_package_has_generator_and_analyzers()
    {
        using (var package = await ZipFile.OpenReadAsync(Directory.GetFiles(Feed, "CdcFlow.Abstractions.0.1.0.nupkg").Single(), TestContext.Current.CancellationToken))
        {
            var names = package.Entries.Select(entry => entry.FullName).ToList();
            Assert.Contains("analyzers/dotnet/cs/CdcFlow.Generators.dll", names);
            Assert.Contains("analyzers/dotnet/cs/CdcFlow.CodeFixes.dll", names);
            Assert.Contains("buildTransitive/CdcFlow.Abstractions.props", names);
        }

        await RequireWhatTrimmedKafkaProgramsNeedAsync();
        var (restored, restoreOutput) = await Shell.DotnetAsync(folder, Environment, "restore", "--source", Feed);
        Assert.True(restored == 0, restoreOutput);
        var (ran, output) = await Shell.DotnetAsync(folder, Environment, "run", "--no-restore");
        Assert.True(ran == 0, output);
        Assert.Contains("orders: 3 nodes, large", output, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(folder, "appsettings.json"), "{}", TestContext.Current.CancellationToken);
        var (code, complaints) = await Shell.DotnetAsync(folder, Environment, "build", "--no-restore", "-p:DefineConstants=WRONG");
        Assert.NotEqual(0, code);
        Assert.Contains("CDCF010", complaints, StringComparison.Ordinal);
        Assert.Contains("CDCF042", complaints, StringComparison.Ordinal);
    }

    private async Task RequireWhatTrimmedKafkaProgramsNeedAsync()
    {
        using var package = await ZipFile.OpenReadAsync(Directory.GetFiles(Feed, "CdcFlow.Kafka.0.1.0.nupkg").Single(), TestContext.Current.CancellationToken);
        var names = package.Entries.Select(entry => entry.FullName).ToList();
        Assert.Contains("buildTransitive/CdcFlow.Kafka.targets", names);
        Assert.Equal(["lib/net10.0/CdcFlow.Kafka.dll"], names.Where(name => Path.GetExtension(name) is ".dll" or ".so" or ".dylib"));
    }

    private static string Root(string at) => File.Exists(Path.Combine(at, "CdcFlow.sln")) ? at : Root(Path.GetDirectoryName(at.TrimEnd('/', '\\'))!);
}
