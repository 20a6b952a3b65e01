using CdcFlow.Packaging.Tests;

[assembly: AssemblyFixture(typeof(PackageFeed))]

namespace CdcFlow.Packaging.Tests;

/// <summary>Every package of this build, in a folder that is a package source.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    /// <summary>The folder.</summary>
    internal string Folder { get; } = Directory.CreateTempSubdirectory("cdcflow-feed-").FullName;

    /// <summary>The version of all of them.</summary>
    internal string Version => Path.GetFileNameWithoutExtension(Directory.GetFiles(Folder, "CdcFlow.Abstractions.*.nupkg").Single())["CdcFlow.Abstractions.".Length..];

    private static string Configuration => AppContext.BaseDirectory.Contains("release", StringComparison.OrdinalIgnoreCase) ? "Release" : "Debug";

    public async ValueTask InitializeAsync()
    {
        var (code, output) = await Shell.DotnetAsync(
            Checkout(AppContext.BaseDirectory), new Dictionary<string, string?>(), "pack", "CdcFlow.sln", "--no-build", "-c", Configuration, "-o", Folder, "-v", "q", "-nodeReuse:false");
        Assert.True(code == 0, output);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The path of a package, by its id.</summary>
    internal string Package(string id, string extension = "nupkg") => Path.Combine(Folder, $"{id}.{Version}.{extension}");

    /// <summary>The checkout that a folder lies in.</summary>
    internal static string Checkout(string folder) =>
        File.Exists(Path.Combine(folder, "CdcFlow.sln")) ? folder : Checkout(Path.GetDirectoryName(folder.TrimEnd('/', '\\'))!);
}
