using System.Diagnostics;
using CdcFlow.Benchmarks.Measure;
using CdcFlow.Benchmarks.Pipelines;
using CdcFlow.Benchmarks.Workloads;
using CdcFlow.Runtime;

namespace CdcFlow.Benchmarks;

/// <summary>What one more fused operator costs a row, and what the graph allocates: nine filters against one, same rows, same run.</summary>
/// <remarks>One thing at a time: where source and stage run beside each other, the slower one hides the other. Many short pairs, of which each
/// falls into one phase of a machine whose speed drifts.</remarks>
internal static class OperatorBenchmark
{
    private const int PairCount = 40;
    private const int FurtherOperators = 8;

    internal static async Task RunAsync(long rows)
    {
        RepeatingSource.Row = new OrderLine(1, 2, 3, 4, 5m, "new", null, true, Guid.Empty, default);
        List<double> perOperator = [], oneFilter = [];
        for (var pair = 0; pair <= PairCount; pair++)
        {
            var oneAtATime = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
            var (one, _) = await MeasureAsync<OneFilter>(rows / PairCount, oneAtATime);
            var (nine, _) = await MeasureAsync<NineFilters>(rows / PairCount, oneAtATime);
            if (pair > 0)
            {
                oneFilter.Add(one);
                perOperator.Add((nine - one) / FurtherOperators);
            }
        }

        // As pipelines run: nodes beside each other wait for each other more often, and a wait allocates.
        var (_, bytes) = await MeasureAsync<OneFilter>(rows, TaskScheduler.Default);
        Console.WriteLine($"operators  source → filter → sink {Pairs.Number(Pairs.Median(oneFilter))} ns/row; each further fused operator " +
            $"{Pairs.Number(Pairs.Median(perOperator))} ns/row (goal ≤ 2); {Pairs.Number(bytes, 3)} B/row allocated (goal 0)");
    }

    private static async Task<(double NanosecondsPerRow, double BytesPerRow)> MeasureAsync<TPipeline>(long rows, TaskScheduler scheduler)
        where TPipeline : ICdcPipeline<TPipeline>
    {
        RepeatingSource.Rows = rows;
        GC.Collect();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var clock = Stopwatch.StartNew();
        await PipelineRun.Create<TPipeline>(null, new PipelineOptions { CheckpointInterval = Timeout.InfiniteTimeSpan }, scheduler: scheduler)
            .RunAsync(CancellationToken.None);
        return (clock.Elapsed.TotalNanoseconds / rows, (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / rows);
    }
}
