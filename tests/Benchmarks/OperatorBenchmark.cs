using System.Diagnostics;
using CdcFlow.Benchmarks.Measure;
using CdcFlow.Benchmarks.Pipelines;
using CdcFlow.Benchmarks.Workloads;
using CdcFlow.Runtime;

namespace CdcFlow.Benchmarks;

/// <summary>What one more fused operator costs a row, and what the graph allocates: nine filters against one, same rows, same run.</summary>
internal static class OperatorBenchmark
{
    private const int Runs = 7;
    private const int FurtherOperators = 8;

    internal static async Task RunAsync(long rows)
    {
        RepeatingSource.Rows = rows;
        RepeatingSource.Row = new OrderLine(1, 2, 3, 4, 5m, "new", null, true, Guid.Empty, default);
        List<double> perOperator = [], bytes = [], oneFilter = [];
        for (var run = 0; run <= Runs; run++)
        {
            var (one, _) = await MeasureAsync<OneFilter>(rows);
            var (nine, allocated) = await MeasureAsync<NineFilters>(rows);
            if (run > 0)
            {
                oneFilter.Add(one);
                perOperator.Add((nine - one) / FurtherOperators);
                bytes.Add(allocated);
            }
        }

        Console.WriteLine($"operators  source → filter → sink {Pairs.Number(Pairs.Median(oneFilter))} ns/row; each further fused operator " +
            $"{Pairs.Number(Pairs.Median(perOperator))} ns/row (goal ≤ 2); {Pairs.Number(Pairs.Median(bytes), 3)} B/row allocated (goal 0)");
    }

    private static async Task<(double NanosecondsPerRow, double BytesPerRow)> MeasureAsync<TPipeline>(long rows)
        where TPipeline : ICdcPipeline<TPipeline>
    {
        GC.Collect();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var clock = Stopwatch.StartNew();
        await PipelineRun.Create<TPipeline>(null, new PipelineOptions { CheckpointInterval = Timeout.InfiniteTimeSpan }).RunAsync(CancellationToken.None);
        return (clock.Elapsed.TotalNanoseconds / rows, (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / rows);
    }
}
