using System.Globalization;
using CdcFlow.Hosting.Configuration;
using CdcFlow.Hosting.Observation;
using CdcFlow.Sources;

namespace CdcFlow.Hosting.Progress;

/// <summary>Progress as plain lines of the log: a line per table while its snapshot runs, and one per source each minute after that.</summary>
/// <param name="tellsSnapshots">False where bars have shown them.</param>
internal sealed class LogProgress(bool tellsSnapshots = true) : IProgressDisplay
{
    private const int QuietTicks = 6;

    private static readonly TimeSpan tick = TimeSpan.FromSeconds(10);

    public async Task RunAsync(HostedPipeline pipeline, CancellationToken ended)
    {
        var complete = new HashSet<(string, TableId)>();
        using var timer = new PeriodicTimer(tick, pipeline.Time);
        for (var ticks = 1; await TickAsync(timer, ended); ticks++)
        {
            Tell(pipeline, complete, tellsStreaming: ticks % QuietTicks == 0);
        }

        // What a short run has read would otherwise never be told.
        Tell(pipeline, complete, tellsStreaming: false);
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken ended)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ended);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Tell(HostedPipeline pipeline, HashSet<(string, TableId)> complete, bool tellsStreaming)
    {
        foreach (var (source, progress) in pipeline.Runner.Progress)
        {
            foreach (var table in progress.Tables.Where(table => tellsSnapshots && !complete.Contains((source, table.Table))))
            {
                if (table.IsComplete)
                {
                    complete.Add((source, table.Table));
                    Log.SnapshotComplete(pipeline.Log, source, table.Table, table.Rows);
                }
                else
                {
                    Log.SnapshotProgress(pipeline.Log, source, table.Table, table.Rows, Share(table));
                }
            }

            if (tellsStreaming && progress.Phase == SourcePhase.Streaming)
            {
                Log.Streaming(pipeline.Log, source, progress.Position, progress.LagBytes is { } lag ? ByteSize.Format(lag) : "an unknown number of bytes");
            }
        }
    }

    private static string Share(TableProgress table) => table.EstimatedRows is not > 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $" of about {table.EstimatedRows} ({Math.Min(100, 100 * table.Rows / table.EstimatedRows.Value)} %)");
}
