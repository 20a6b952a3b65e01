using System.Globalization;
using CdcFlow.Sources;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CdcFlow.Hosting.Progress;

/// <summary>Progress on a terminal: a bar for each table while snapshots run, then the lines of <see cref="LogProgress"/>.</summary>
/// <param name="console">The terminal. The log must write to it too: then its lines stand above the bars.</param>
internal sealed class TerminalProgress(IAnsiConsole console) : IProgressDisplay
{
    private static readonly TimeSpan tick = TimeSpan.FromMilliseconds(200);

    public async Task RunAsync(HostedPipeline pipeline, CancellationToken ended)
    {
        while (Phase(pipeline) == SourcePhase.Starting && await PauseAsync(pipeline.Time, ended))
        {
        }

        var isSnapshot = Phase(pipeline) == SourcePhase.Snapshot;
        if (isSnapshot)
        {
            await Bars().StartAsync(bars => ShowAsync(pipeline, bars, ended));
        }

        await new LogProgress(tellsSnapshots: !isSnapshot).RunAsync(pipeline, ended);
    }

    private static async Task ShowAsync(HostedPipeline pipeline, ProgressContext bars, CancellationToken ended)
    {
        var shown = new Dictionary<(string, TableId), ProgressTask>();
        do
        {
            foreach (var (source, progress) in pipeline.Runner.Progress)
            {
                foreach (var table in progress.Tables)
                {
                    if (!shown.TryGetValue((source, table.Table), out var bar))
                    {
                        shown.Add((source, table.Table), bar = bars.AddTask(Markup.Escape($"{source} {table.Table}")));
                    }

                    Show(table, bar);
                }
            }
        }
        while (Phase(pipeline) != SourcePhase.Streaming && await PauseAsync(pipeline.Time, ended));
    }

    private static void Show(TableProgress table, ProgressTask bar)
    {
        // The server's estimate may be too low; a full bar says that a table is done, and nothing else may.
        bar.IsIndeterminate = !table.IsComplete && table.EstimatedRows is not > 0;
        bar.MaxValue = table.IsComplete ? Math.Max(1, table.Rows) : Math.Max(table.EstimatedRows ?? 0, table.Rows + 1);
        bar.Value = table.IsComplete ? bar.MaxValue : table.Rows;
        bar.State.Update<long>(RowsColumn.Key, _ => table.Rows);
    }

    /// <summary>The phase of the source that is furthest behind.</summary>
    private static SourcePhase Phase(HostedPipeline pipeline)
    {
        var sources = pipeline.Runner.Progress.Values.ToList();
        return sources.Count == 0 ? SourcePhase.Starting
            : sources.Any(source => source.Phase == SourcePhase.Snapshot) ? SourcePhase.Snapshot
            : sources.Min(source => source.Phase);
    }

    private static async Task<bool> PauseAsync(TimeProvider time, CancellationToken ended)
    {
        try
        {
            await Task.Delay(tick, time, ended);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private Spectre.Console.Progress Bars() => console.Progress().Columns(
        new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RowsColumn(), new RemainingTimeColumn());

    private sealed class RowsColumn : ProgressColumn
    {
        public const string Key = "rows";

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(string.Create(CultureInfo.InvariantCulture, $"{task.State.Get<long>(Key):N0} rows"));
    }
}
