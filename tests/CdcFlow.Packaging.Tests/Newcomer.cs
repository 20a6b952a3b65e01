namespace CdcFlow.Packaging.Tests;

/// <summary>Somebody who has the packages and nothing of this checkout: a folder, and a <c>dotnet</c> with caches and settings of its own.</summary>
internal sealed class Newcomer : IDisposable
{
    private readonly PackageFeed feed;
    private readonly string home = Directory.CreateTempSubdirectory("cdcflow-newcomer-").FullName;

    internal Newcomer(PackageFeed feed)
    {
        this.feed = feed;
        Directory.CreateDirectory(Folder);
        File.WriteAllText(
            Path.Combine(home, "nuget.config"), $"<configuration><packageSources><clear /><add key=\"cdcflow\" value=\"{feed.Folder}\" /></packageSources></configuration>");
        LinkForeignPackages(Path.Combine(home, "foreign"));
        Environment = new Dictionary<string, string?>
        {
            // So that the same version from an earlier run is not taken for this one.
            ["NUGET_PACKAGES"] = Path.Combine(home, "cache"),
            ["NUGET_FALLBACK_PACKAGES"] = Path.Combine(home, "foreign"),
            ["DOTNET_CLI_HOME"] = Path.Combine(home, "cli"),
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_CLI_UI_LANGUAGE"] = "en",
            ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["UseSharedCompilation"] = "false",
        };
    }

    /// <summary>Where projects are made.</summary>
    internal string Folder => Path.Combine(home, "work");

    /// <summary>What its processes get, besides what this one has.</summary>
    internal Dictionary<string, string?> Environment { get; }

    public void Dispose() => Directory.Delete(home, recursive: true);

    internal async Task InstallTemplatesAsync() => await DotnetAsync("new", "install", "CdcFlow.Templates");

    /// <summary>Installs the command.</summary>
    /// <returns>Its path.</returns>
    internal async Task<string> InstallToolAsync()
    {
        var tools = Path.Combine(home, "tools");
        await DotnetAsync("tool", "install", "CdcFlow.Tool", "--version", feed.Version, "--tool-path", tools);
        return Path.Combine(tools, "cdcflow");
    }

    /// <summary>Runs <c>dotnet</c>, which must end well.</summary>
    /// <returns>What it printed.</returns>
    internal Task<string> DotnetAsync(params string[] arguments) => RunAsync("dotnet", arguments);

    /// <summary>Runs a program, which must end well.</summary>
    /// <returns>What it printed.</returns>
    internal async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (code, output) = await TryAsync(program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}: {code}\n{output}");
        return output;
    }

    internal Task<(int Code, string Output)> TryAsync(string program, params string[] arguments) => Shell.RunAsync(program, Folder, Environment, arguments);

    /// <summary>The packages of others are there already, as they are when a registry serves them.</summary>
    private static void LinkForeignPackages(string folder)
    {
        var cache = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Directory.CreateDirectory(folder);
        foreach (var package in Directory.GetDirectories(cache).Where(path => !Path.GetFileName(path).StartsWith("cdcflow", StringComparison.Ordinal)))
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(package)), package);
        }
    }
}
