using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CdcFlow.Repository.Tests;

/// <summary><c>eng/audit.sh</c> against a package source of our own, which says of a package what the test wants.</summary>
public sealed class AuditTests : IDisposable
{
    private const string Index = """{"version":"3.0.0","resources":[{"@id":"ROOT/pages.json","@type":"VulnerabilityInfo/6.7.0"}]}""";
    private const string IndexWithoutAdvisories = """{"version":"3.0.0","resources":[]}""";
    private const string Pages = """[{"@name":"base","@id":"ROOT/base.json","@updated":"2026-01-01T00:00:00Z"}]""";

    private readonly string folder = Directory.CreateTempSubdirectory("cdcflow-audit-").FullName;
    private readonly Dictionary<string, string> answers = new() { ["/index.json"] = Index, ["/pages.json"] = Pages };
    private readonly HttpListener source = new();
    private readonly string root = $"http://127.0.0.1:{FreePort()}";

    public AuditTests()
    {
        source.Prefixes.Add($"{root}/");
        source.Start();
        _ = Task.Run(AnswerAsync);
    }

    public void Dispose()
    {
        source.Close();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Advisory_for_a_package_that_is_used_fails_with_its_name_and_where_to_read_it()
    {
        answers["/base.json"] = """{"probed":[{"url":"https://example.org/advisory-1","severity":0,"versions":"[1.0.0, 2.0.0)"}]}""";
        var (code, _, error) = await AuditAsync();
        Assert.Equal(1, code);
        Assert.Contains("Package 'Probed' 1.0.0 has a known low severity vulnerability, https://example.org/advisory-1", error, StringComparison.Ordinal);
        Assert.Contains("raise its version in Directory.Packages.props", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advisory_for_another_version_passes()
    {
        answers["/base.json"] = """{"probed":[{"url":"https://example.org/advisory-1","severity":3,"versions":"[0.1.0, 1.0.0)"}]}""";
        var (code, output, error) = await AuditAsync();
        Assert.True(code == 0, error);
        Assert.Contains("no package that is used has an advisory", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Source_without_advisories_passes_and_is_said_loudly()
    {
        answers["/index.json"] = IndexWithoutAdvisories;
        var (code, output, error) = await AuditAsync();
        Assert.True(code == 0, error);
        Assert.Contains("NOT AUDITED", error, StringComparison.Ordinal);
        Assert.DoesNotContain("no package", output, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Error)> AuditAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The scripts of eng/ are for Linux.");
        await WriteAsync(".nuget/NuGet/NuGet.Config",
            $"""
            <configuration>
              <packageSources><clear /><add key="packages" value="{folder}/feed" /></packageSources>
              <auditSources><clear /><add key="advisories" value="{root}/index.json" allowInsecureConnections="true" /></auditSources>
            </configuration>
            """);
        await WriteAsync("probe/probe.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageReference Include="Probed" Version="1.0.0" /></ItemGroup>
            </Project>
            """);
        await PackAsync();

        var start = new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "eng", "audit.sh"), Path.Combine(folder, "probe", "probe.csproj")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = start.Environment["DOTNET_CLI_HOME"] = folder;
        start.Environment["NUGET_PACKAGES"] = Path.Combine(folder, "cache");
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    private async Task PackAsync()
    {
        Directory.CreateDirectory(Path.Combine(folder, "feed"));
        await using var package = await ZipFile.OpenAsync(Path.Combine(folder, "feed", "Probed.1.0.0.nupkg"), ZipArchiveMode.Create);
        await using var nuspec = await package.CreateEntry("Probed.nuspec").OpenAsync();
        await nuspec.WriteAsync(Encoding.UTF8.GetBytes(
            """<package><metadata><id>Probed</id><version>1.0.0</version><authors>a</authors><description>d</description></metadata></package>"""));
    }

    private async Task WriteAsync(string path, string text)
    {
        var whole = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
        await File.WriteAllTextAsync(whole, text, TestContext.Current.CancellationToken);
    }

    private async Task AnswerAsync()
    {
        while (source.IsListening)
        {
            var request = await source.GetContextAsync();
            request.Response.StatusCode = answers.TryGetValue(request.Request.Url!.AbsolutePath, out var answer) ? 200 : 404;
            request.Response.Close(Encoding.UTF8.GetBytes((answer ?? "").Replace("ROOT", root, StringComparison.Ordinal)), willBlock: false);
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
