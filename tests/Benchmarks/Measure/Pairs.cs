using System.Globalization;

namespace CdcFlow.Benchmarks.Measure;

/// <summary>Runs two commands in turn (A B B A …), so that a ratio holds when the machine's speed drifts.</summary>
internal static class Pairs
{
    internal sealed record Result(IReadOnlyList<Run> Ours, IReadOnlyList<Run> Limit)
    {
        internal double WallRatio => Median(Ours.Zip(Limit, (ours, limit) => limit.Wall / ours.Wall));

        internal double CpuRatio => Median(Ours.Zip(Limit, (ours, limit) => ours.Cpu / limit.Cpu));

        internal double OursSeconds => Median(Ours.Select(run => run.Wall.TotalSeconds));

        internal double LimitSeconds => Median(Limit.Select(run => run.Wall.TotalSeconds));

        internal double OursCpuSeconds => Median(Ours.Select(run => run.Cpu.TotalSeconds));

        internal double LimitCpuSeconds => Median(Limit.Select(run => run.Cpu.TotalSeconds));
    }

    /// <summary>The first pair warms caches up and does not count.</summary>
    internal static async Task<Result> MeasureAsync(int pairs, Func<Task<Run>> ours, Func<Task<Run>> limit)
    {
        List<Run> oursRuns = [], limitRuns = [];
        for (var pair = 0; pair <= pairs; pair++)
        {
            Run first, second;
            if (pair % 2 == 0)
            {
                (first, second) = (await ours(), await limit());
            }
            else
            {
                second = await limit();
                first = await ours();
            }

            if (pair > 0)
            {
                oursRuns.Add(first);
                limitRuns.Add(second);
            }
        }

        return new Result(oursRuns, limitRuns);
    }

    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }

    internal static string Number(double value, int decimals = 2) => value.ToString("N" + decimals, CultureInfo.InvariantCulture);
}
