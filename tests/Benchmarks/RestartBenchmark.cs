using System.Diagnostics;
using CdcFlow.Benchmarks.Measure;
using CdcFlow.Benchmarks.Workloads;

namespace CdcFlow.Benchmarks;

/// <summary>From kill -9 to the first new row at the sink: a new process, lease taken over, slot regained, log resumed.</summary>
internal static class RestartBenchmark
{
    private const int Runs = 7;
    private const string Slot = "bench_restart";

    internal static async Task RunAsync(BenchServer server)
    {
        await server.FillAsync(0);
        await server.ExecuteAsync("DROP PUBLICATION IF EXISTS bench; CREATE PUBLICATION bench FOR TABLE order_line WITH (publish_via_partition_root = true)");
        await server.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{Slot}', 'pgoutput')");
        var folder = Directory.CreateTempSubdirectory("cdcflow-bench-").FullName;
        var id = 0L;
        var process = Start(server, folder);
        List<double> seconds = [];
        for (var run = 0; run <= Runs; run++)
        {
            await server.WriteBacklogAsync(++id * 1_000, 1_000);
            await FirstRowAsync(process);
            var clock = Stopwatch.StartNew();
            process.Kill();
            await server.WriteBacklogAsync(++id * 1_000, 1_000);
            process = Start(server, folder);
            await FirstRowAsync(process);
            seconds.Add(clock.Elapsed.TotalSeconds);
            process.Kill();
            await process.WaitForExitAsync();
            process = Start(server, folder);
        }

        process.Kill();
        await process.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);
        Console.WriteLine($"restart    kill -9 to first new row: median {Pairs.Number(Pairs.Median(seconds))} s, most {Pairs.Number(seconds.Max())} s (goal ≤ 1)");
    }

    private static Process Start(BenchServer server, string folder) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["child-stream", server.ConnectionString, Slot, folder]) { RedirectStandardOutput = true })!;

    private static async Task FirstRowAsync(Process process)
    {
        if (await process.StandardOutput.ReadLineAsync() is not { } line || !line.StartsWith("row ", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("The pipeline ended before its first row.");
        }
    }
}
