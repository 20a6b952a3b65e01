using System.Diagnostics;
using System.Globalization;
using CdcFlow.TestServers;
using Shop;

namespace CdcFlow.Crash.Tests;

/// <summary>Two real processes of one pipeline on one machine: the first is stopped by SIGSTOP, with every lock, session and slot that it has, and woken when the
/// second has taken over.</summary>
public sealed class PausedInstanceTests
{
    private const int Pauses = 2;

    /// <summary>The exit code of an instance that a newer one has taken over from.</summary>
    private const int Fenced = 6;

    [Fact]
    [Trait("WayOut", "CDCF3002")]
    public async Task Stopped_instance_keeps_no_successor_out_and_ends_with_6_when_it_wakes_while_its_successor_works_on()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        var cancellationToken = TestContext.Current.CancellationToken;
        var output = TestContext.Current.TestOutputHelper!;
        var folder = Directory.CreateTempSubdirectory("cdcflow-pause-").FullName;
        await using var postgres = await PostgresServer.StartAsync(["wal_sender_timeout=5s"], cancellationToken);
        var server = new ShopServer(postgres.ConnectionString(PostgresRole.Superuser));
        await server.FillAsync(20_000, cancellationToken);
        await using var shop = server.Shop();
        var scenario = new WarehouseScenario(server, Path.Combine(folder, "files"));
        using var stopLoad = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var seed = Environment.TickCount & 0xffff;
        var load = new ShopLoad(shop, seed, TimeSpan.FromMilliseconds(20)).RunAsync(stopLoad.Token);
        var random = new Random(seed);
        var instances = Enumerable.Range(0, Pauses + 1)
            .Select(number => new PipelineProcess(KillRun.Program("Orders"), scenario, server, folder, Path.Combine(folder, $"instance-{number}.log"))).ToList();
        var running = instances[0].Start();
        try
        {
            await instances[0].Watch(cancellationToken).ProgressAsync();
            for (var next = 1; next <= Pauses; next++)
            {
                // Somewhere within a checkpoint or between two.
                await Task.Delay(random.Next(400), cancellationToken);
                await SignalAsync(running, "STOP");
                var successor = instances[next].Start();
                await instances[next].Watch(cancellationToken).ProgressAsync();
                await SignalAsync(running, "CONT");
                await running.WaitForExitAsync(cancellationToken);
                Assert.True(running.ExitCode == Fenced, $"exit code {running.ExitCode}\n{instances[next - 1].LastWords}");
                Assert.Contains("CDCF3002", instances[next - 1].LastWords, StringComparison.Ordinal);

                running = successor;
                await instances[next].Watch(cancellationToken).ProgressAsync();
                Assert.False(running.HasExited, instances[next].LastWords);
                Assert.DoesNotContain("CDCF3002", instances[next].LastWords, StringComparison.Ordinal);
            }

            await stopLoad.CancelAsync();
            await load.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await SignalAsync(running, "TERM");
            await running.WaitForExitAsync(cancellationToken);
            Assert.True(running.ExitCode == 0, instances[^1].LastWords);
            await instances[^1].CatchUpAsync(cancellationToken);
            var verdicts = await scenario.CompareAsync(shop, cancellationToken);
            Assert.All(verdicts, verdict => Assert.True(verdict.IsClean, verdict.ToString()));
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception)
        {
            output.WriteLine($"seed {seed}, evidence in {folder}\n{string.Join("\n---\n", instances.Select(instance => instance.LastWords))}");
            throw;
        }
        finally
        {
            running.Kill();
        }
    }

    private static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
