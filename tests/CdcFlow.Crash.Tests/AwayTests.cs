using System.Diagnostics;
using CdcFlow.TestServers;
using Shop;

namespace CdcFlow.Crash.Tests;

/// <summary>The server of source and sink is away when a real process starts, and again while it runs.</summary>
public sealed class AwayTests
{
    [Fact]
    public async Task Server_that_is_away_at_the_start_and_later_is_waited_for_and_one_line_says_so()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        var cancellationToken = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("cdcflow-away-").FullName;
        await using var postgres = await PostgresServer.StartAsync(cancellationToken: cancellationToken);
        var server = new ShopServer(postgres.ConnectionString(PostgresRole.Superuser));
        await server.FillAsync(2_000, cancellationToken);
        await using var shop = server.Shop();
        var scenario = new WarehouseScenario(server, Path.Combine(folder, "files"));
        var log = Path.Combine(folder, "pipeline.log");
        var pipeline = new PipelineProcess(KillRun.Program("Orders"), scenario, server, folder, log);
        await postgres.StopAsync(cancellationToken);
        using var process = pipeline.Start();
        try
        {
            var life = pipeline.Watch(cancellationToken);
            await life.UntilAsync("The pipeline did not say that it waits", _ => Task.FromResult(Waits(log) == 1));
            await life.UntilAsync("The pipeline did not try again", _ => Task.FromResult(HasWaited(log, TimeSpan.FromSeconds(3))));
            Assert.Equal(1, Waits(log));
            Assert.Contains("nothing listens there", pipeline.LastWords, StringComparison.Ordinal);
            await postgres.StartAgainAsync(cancellationToken);
            await life.ProgressAsync();

            await postgres.KillAsync(cancellationToken);
            await life.UntilAsync("The pipeline did not say that it waits again", _ => Task.FromResult(Waits(log) == 2));
            await postgres.StartAgainAsync(cancellationToken);
            await life.ProgressAsync();
            Assert.False(process.HasExited, pipeline.LastWords);

            using (var term = Process.Start("kill", ["-TERM", $"{process.Id}"]))
            {
                await term.WaitForExitAsync(cancellationToken);
            }

            await process.WaitForExitAsync(cancellationToken);
            Assert.True(process.ExitCode == 0, pipeline.LastWords);
            await pipeline.CatchUpAsync(cancellationToken);
            Assert.All(await scenario.CompareAsync(shop, cancellationToken), verdict => Assert.True(verdict.IsClean, verdict.ToString()));
        }
        catch (Exception)
        {
            TestContext.Current.TestOutputHelper!.WriteLine(pipeline.LastWords);
            throw;
        }
        finally
        {
            process.Kill();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Waits(string log) => Lines(log).Count(line => line.Contains("waits for what is away", StringComparison.Ordinal));

    private static bool HasWaited(string log, TimeSpan time) => DateTime.UtcNow - File.GetLastWriteTimeUtc(log) > time;

    private static string[] Lines(string log) => File.Exists(log) ? File.ReadAllLines(log) : [];
}
