using System.Globalization;
using CdcFlow.Benchmarks.Measure;
using CdcFlow.Benchmarks.Workloads;

namespace CdcFlow.Benchmarks;

/// <summary>A whole snapshot, every column decoded into the user's type, against psql's COPY to nowhere.</summary>
/// <remarks>Beside it, what is left of that limit for anybody who reads the table as a resumable snapshot must, a range of keys at a time: psql doing so,
/// in as many processes as we have readers.</remarks>
internal static class SnapshotBenchmark
{
    private const int Repetitions = 5;

    internal static async Task RunAsync(BenchServer server, long rows)
    {
        await server.FillAsync(rows);
        using var ranges = new KeyRanges(rows);
        foreach (var (readers, goal) in new[] { (1, 0.9), (2, 1.4) })
        {
            var result = await Pairs.MeasureAsync(Repetitions, () => OursAsync(server, readers, rows), () => LimitAsync(server));
            Console.WriteLine(
                $"snapshot   {readers} reader{(readers == 1 ? " " : "s")}: {Pairs.Number(result.WallRatio)}× of psql COPY binary (goal ≥ {Pairs.Number(goal, 1)}); " +
                $"{Pairs.Number(rows / result.OursSeconds, 0)} against {Pairs.Number(rows / result.LimitSeconds, 0)} rows/s; client CPU {Pairs.Number(result.OursCpuSeconds)} s");
            var inRanges = await Pairs.MeasureAsync(Repetitions, () => OursAsync(server, readers, rows), () => ranges.ReadAsync(server, readers));
            Console.WriteLine(
                $"snapshot   {readers} reader{(readers == 1 ? " " : "s")}: {Pairs.Number(inRanges.WallRatio)}× of {readers} psql that copy {KeyRanges.Rows:N0} keys at a time; " +
                $"{Pairs.Number(rows / inRanges.OursSeconds, 0)} against {Pairs.Number(rows / inRanges.LimitSeconds, 0)} rows/s");
            var figures = result.Ours[^1].LastLine.Split(' ');
            Console.WriteLine(
                $"memory     snapshot of {rows:N0} rows: peak {figures[2]} MB (goal ≤ 150); {figures[1]} B/row allocated, " +
                $"of which the user's own rows are {Pairs.Number(OrderLineBytes.PerRow(rows, oneStatus: false), 1)}");
        }
    }

    private static async Task<Run> OursAsync(BenchServer server, int readers, long rows)
    {
        var run = await Run.OfAsync(Environment.ProcessPath!, ["child-snapshot", server.ConnectionString, readers.ToString(CultureInfo.InvariantCulture)]);
        return run.LastLine.StartsWith($"{rows} ", StringComparison.Ordinal)
            ? run
            : throw new InvalidOperationException($"The snapshot gave '{run.LastLine}', not {rows} rows.");
    }

    private static Task<Run> LimitAsync(BenchServer server) => Run.OfAsync(
        BenchServer.Program("psql"), [.. server.ClientArguments, "-X", "-q", "-o", "/dev/null", "-c", "COPY order_line TO STDOUT (FORMAT binary)"]);
}
