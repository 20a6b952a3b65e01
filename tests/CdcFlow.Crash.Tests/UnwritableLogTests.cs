using System.Diagnostics;
using CdcFlow.TestServers;
using Shop;

namespace CdcFlow.Crash.Tests;

/// <summary>A real process whose output is on a full disk, or closed.</summary>
public sealed class UnwritableLogTests
{
    [Fact]
    [Trait("WayOut", "CDCF1013")]
    public async Task Pipeline_goes_on_without_its_log_and_ends_with_0()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        var cancellationToken = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("cdcflow-mute-").FullName;
        await using var postgres = await PostgresServer.StartAsync(cancellationToken: cancellationToken);
        var server = new ShopServer(postgres.ConnectionString(PostgresRole.Superuser));
        await server.FillAsync(2_000, cancellationToken);
        var scenario = new WarehouseScenario(server, Path.Combine(folder, "files"));
        var pipeline = new PipelineProcess(KillRun.Program("Orders"), scenario, server, folder, "/dev/full");
        using var process = pipeline.Start();
        try
        {
            await pipeline.Watch(cancellationToken).ProgressAsync();
            using var term = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync(cancellationToken);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            process.Kill();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("> /dev/full", true)]
    [InlineData(">&-", false)]
    [InlineData("> /dev/full 2>&1", false)]
    [InlineData(">&- 2>&-", false)]
    public async Task Result_that_cannot_be_written_is_an_exit_code_and_where_it_can_be_a_sentence(string redirection, bool isTold)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec \"$1\" graph {redirection}", "sh", KillRun.Program("Orders")]) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 1, $"exit code {process.ExitCode}: {error}");
        Assert.True(!isTold || error.StartsWith("CDCF1013", StringComparison.Ordinal), error);
    }
}
