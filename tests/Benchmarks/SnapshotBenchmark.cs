using System.Globalization;
using CdcFlow.Benchmarks.Measure;
using CdcFlow.Benchmarks.Workloads;

namespace CdcFlow.Benchmarks;

/// <summary>A whole snapshot, every column decoded into the user's type, against psql's COPY to nowhere.</summary>
internal static class SnapshotBenchmark
{
    private const int Repetitions = 5;

    internal static async Task RunAsync(BenchServer server, long rows)
    {
        await server.FillAsync(rows);
        foreach (var (readers, goal) in new[] { (1, 0.9), (2, 1.4) })
        {
            var result = await Pairs.MeasureAsync(Repetitions, () => OursAsync(server, readers, rows), () => LimitAsync(server));
            Console.WriteLine(
                $"snapshot   {readers} reader{(readers == 1 ? " " : "s")}: {Pairs.Number(result.WallRatio)}× of psql COPY binary (goal ≥ {Pairs.Number(goal, 1)}); " +
                $"{Pairs.Number(rows / result.OursSeconds, 0)} against {Pairs.Number(rows / result.LimitSeconds, 0)} rows/s; client CPU {Pairs.Number(result.OursCpuSeconds)} s");
            var figures = result.Ours[^1].LastLine.Split(' ');
            Console.WriteLine(
                $"memory     snapshot of {rows:N0} rows: peak {figures[2]} MB (goal ≤ 150); {figures[1]} B/row allocated, " +
                $"of which the user's own rows are {Pairs.Number(UserBytesPerRow(), 1)}");
        }
    }

    private static async Task<Run> OursAsync(BenchServer server, int readers, long rows)
    {
        var run = await Run.OfAsync(Environment.ProcessPath!, ["child-snapshot", server.ConnectionString, readers.ToString(CultureInfo.InvariantCulture)]);
        return run.LastLine.StartsWith($"{rows} ", StringComparison.Ordinal)
            ? run
            : throw new InvalidOperationException($"The snapshot gave '{run.LastLine}', not {rows} rows.");
    }

    // psql writes into a pipe that is read to its end; COPY to /dev/null would spare it the write.
    private static Task<Run> LimitAsync(BenchServer server) => Run.OfAsync(
        BenchServer.Program("psql"), [.. server.ClientArguments, "-X", "-q", "-o", "/dev/null", "-c", "COPY order_line TO STDOUT (FORMAT binary)"]);

    /// <summary>The bytes of the row objects and their strings, measured by making such rows.</summary>
    internal static double UserBytesPerRow()
    {
        const int sample = 100_000;
        var keep = new OrderLine[sample];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < sample; i++)
        {
            keep[i] = new OrderLine(i, i, 1, 1, 1m, new string('s', i % 3 == 0 ? 3 : i % 3 == 1 ? 4 : 7), new string('n', 25 + i % 50), true, Guid.Empty, default);
        }

        GC.KeepAlive(keep);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / sample;
    }
}
