using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CdcFlow.Generators.Tests.Compiling;

namespace CdcFlow.Generators.Tests;

/// <summary>The compiler itself, as <c>dotnet build</c> runs it, with every rule of the SDK's analyzers switched on.</summary>
public sealed class CommandLineTests : IDisposable
{
    private const string Orders = """[InMemorySource("shop"), InMemorySink("lake")] public partial Changes<Order> Orders { get; }""";
    private readonly string folder = Directory.CreateTempSubdirectory("cdcflow-csc-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("CDCF001", "public sealed class P")]
    [InlineData("CDCF002", "public sealed partial class P<T>")]
    [InlineData("CDCF002", "public sealed partial record P")]
    public async Task Wrong_class_is_said_once(string id, string header)
    {
        var said = await CompileAsync($$"""{{Source.Shop}} public sealed record Order([property: Key] long Id); [CdcPipeline("p")] {{header}} { {{Orders}} }""");
        Assert.Single(said, line => line.Contains(id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_rule_finds_anything_in_the_generated_half()
    {
        var said = await CompileAsync($$"""
            {{Source.Shop}}
            public enum Lane { Standard, Express }
            public sealed class Order { [Key] public long Id { get; private set; } public Lane Lane { get; private set; } public List<string>? Tags { get; private set; } }
            [CdcPipeline("p")] public sealed partial class P
            {
                {{Orders}}
                [Filter(From = nameof(Orders))] public static bool IsOpen(Order order) => order?.Id > 0;
                [Route(From = nameof(IsOpen)), InMemorySink("lake", Name = "b")] public static Lane ByLane(Order order) => order?.Lane ?? Lane.Standard;
            }
            """);
        Assert.Contains(said, line => line.Contains("warning CA", StringComparison.Ordinal));
        Assert.DoesNotContain(said, line => line.Contains(".g.cs", StringComparison.Ordinal) || line.Contains("error", StringComparison.Ordinal));
    }

    private async Task<string[]> CompileAsync(string text)
    {
        // shared/Microsoft.NETCore.App/10.0.0
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var sdk = Directory.GetDirectories(Path.Combine(root, "sdk")).Order(StringComparer.Ordinal).Last();
        var analyzers = Path.Combine(sdk, "Sdks", "Microsoft.NET.Sdk", "analyzers");
        var rules = Directory.GetFiles(Path.Combine(analyzers, "build", "config"), "analysislevel_*_all.globalconfig")
            .OrderBy(path => int.TryParse(Path.GetFileName(path).Split('_')[1], CultureInfo.InvariantCulture, out var version) ? version : 0).Last();
        var file = Path.Combine(folder, "Program.cs");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        string[] arguments =
        [
            "-nologo", "-target:library", "-langversion:latest", "-nullable:enable", $"-out:{Path.Combine(folder, "Shop.dll")}", $"-analyzerconfig:{rules}",
            .. Directory.GetFiles(analyzers, "*NetAnalyzers.dll").Append(typeof(PipelineGenerator).Assembly.Location).Select(path => $"-analyzer:{path}"),
            .. Source.ReferencePaths.Select(path => $"-r:{path}"), file,
        ];
        await File.WriteAllLinesAsync(Path.Combine(folder, "all.rsp"), arguments.Select(argument => $"\"{argument}\""), TestContext.Current.CancellationToken);
        using var compiler = Process.Start(new ProcessStartInfo(
            Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"), ["exec", Path.Combine(sdk, "Roslyn", "bincore", "csc.dll"), "-noconfig", $"@{Path.Combine(folder, "all.rsp")}"])
        {
            RedirectStandardOutput = true,
        })!;
        var said = await compiler.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await compiler.WaitForExitAsync(TestContext.Current.CancellationToken);
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
