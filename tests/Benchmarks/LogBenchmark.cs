using System.Globalization;
using CdcFlow.Benchmarks.Measure;
using CdcFlow.Benchmarks.Workloads;

namespace CdcFlow.Benchmarks;

/// <summary>Catching up with a backlog of the log, against pg_recvlogical (which decodes nothing) and Npgsql's reader; and what checkpoints cost.</summary>
internal static class LogBenchmark
{
    private const string Base = "bench_base";
    private const int Repetitions = 3;
    private const int CheckpointRepetitions = 7;

    internal static async Task RunAsync(BenchServer server, long rows)
    {
        await PrepareAsync(server, rows);
        var end = await server.ScalarAsync("SELECT pg_current_wal_flush_lsn()");
        var limit = await Pairs.MeasureAsync(Repetitions, () => OursAsync(server, rows, 0), () => RecvLogicalAsync(server, end));
        Console.WriteLine(
            $"log        catch-up with {rows:N0} rows, start of the process included: {Pairs.Number(limit.WallRatio)}× of pg_recvlogical (goal ≥ 0.95); {Pairs.Number(rows / limit.OursSeconds, 0)} against " +
            $"{Pairs.Number(rows / limit.LimitSeconds, 0)} rows/s; client CPU {Pairs.Number(limit.OursCpuSeconds)} against {Pairs.Number(limit.LimitCpuSeconds)} s");
        var rival = await Pairs.MeasureAsync(2, () => OursAsync(server, rows, 0), () => NpgsqlAsync(server, rows));
        Console.WriteLine(
            $"log        client CPU: {Pairs.Number(rival.CpuRatio)}× of Npgsql's reader (goal ≤ 0.5): {Pairs.Number(rival.OursCpuSeconds)} against {Pairs.Number(rival.LimitCpuSeconds)} s");
        await CheckpointsAsync(server, rows);
    }

    // One a second cannot be told from none on a machine whose speed drifts; many can, and each costs the same.
    private static async Task CheckpointsAsync(BenchServer server, long rows)
    {
        var pairs = await Pairs.MeasureAsync(CheckpointRepetitions, () => OursAsync(server, rows, 0.05), () => OursAsync(server, rows, 0));
        var counts = pairs.Ours.Select(run => double.Parse(run.LastLine.Split(' ')[1], CultureInfo.InvariantCulture)).ToArray();
        var each = Pairs.Median(pairs.Ours.Zip(pairs.Limit, counts).Select(run => (run.First.Wall - run.Second.Wall).TotalSeconds / run.Third));
        Console.WriteLine(
            $"checkpoint every second, durable: {Pairs.Number(each * 100)} % slower than none (goal ≤ 1): {Pairs.Number(counts.Average(), 0)} checkpoints in " +
            $"{Pairs.Number(pairs.OursSeconds)} s cost {Pairs.Number(each * 1000)} ms each");
    }

    /// <summary>Writes a backlog.</summary>
    internal static async Task PrepareAsync(BenchServer server, long rows)
    {
        await server.FillAsync(0);
        await server.ExecuteAsync("CREATE PUBLICATION bench FOR TABLE order_line WITH (publish_via_partition_root = true)");
        await server.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{Base}', 'pgoutput')");
        await server.WriteBacklogAsync(1, rows);
        await server.ExecuteAsync("CHECKPOINT");
    }

    /// <summary>Each run reads the same backlog through a slot of its own, copied from one that is never read.</summary>
    internal static async Task<T> WithSlotAsync<T>(BenchServer server, Func<string, Task<T>> run)
    {
        const string slot = "bench_run";
        await server.ExecuteAsync($"SELECT pg_copy_logical_replication_slot('{Base}', '{slot}')");
        try
        {
            return await run(slot);
        }
        finally
        {
            await server.ExecuteAsync($"SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '{slot}' AND active");
            await server.DropSlotAsync(slot);
        }
    }

    private static Task<Run> OursAsync(BenchServer server, long rows, double checkpointSeconds) => WithSlotAsync(server, async slot =>
    {
        var folder = Directory.CreateTempSubdirectory("cdcflow-bench-").FullName;
        try
        {
            var run = await Run.OfAsync(Environment.ProcessPath!, ["child-log", server.ConnectionString, slot, checkpointSeconds.ToString(CultureInfo.InvariantCulture), folder]);
            return run.LastLine.StartsWith($"{rows} ", StringComparison.Ordinal)
                ? run
                : throw new InvalidOperationException($"The log gave '{run.LastLine}', not {rows} rows.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    });

    private static Task<Run> RecvLogicalAsync(BenchServer server, string end) => WithSlotAsync(server, slot => Run.OfAsync(
        BenchServer.Program("pg_recvlogical"),
        [.. server.ClientArguments, "-S", slot, "--start", "-f", "/dev/null", $"--endpos={end}", "-o", "proto_version=1", "-o", "publication_names=bench"]));

    private static Task<Run> NpgsqlAsync(BenchServer server, long rows) => WithSlotAsync(server, slot => Run.OfAsync(
        Environment.ProcessPath!, ["child-npgsql", server.ConnectionString, slot, "bench", $"{rows}"]));
}
