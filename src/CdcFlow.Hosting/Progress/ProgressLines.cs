using System.Globalization;
using CdcFlow.Hosting.Configuration;
using CdcFlow.Hosting.Observation;
using CdcFlow.Sources;
using Microsoft.Extensions.Logging;

namespace CdcFlow.Hosting.Progress;

/// <summary>What of a pipeline's progress is worth a line: a table's snapshot every ten seconds and once it is complete; a source when it begins to
/// stream, and every minute from then on.</summary>
/// <param name="log">Where the lines go.</param>
/// <param name="tellsSnapshots">False where bars have shown them.</param>
internal sealed class ProgressLines(ILogger log, bool tellsSnapshots)
{
    private const int SnapshotEvery = 10;
    private const int StreamingEvery = 60;

    private readonly HashSet<(string Source, TableId Table)> complete = [];
    private readonly HashSet<string> streaming = [];

    /// <summary>Called every second.</summary>
    /// <param name="sources">How far the sources are.</param>
    /// <param name="seconds">The second of the run; the first is 1.</param>
    public void Tell(IReadOnlyDictionary<string, SourceProgress> sources, int seconds)
    {
        TellCompleted(sources);
        foreach (var (source, progress) in sources)
        {
            foreach (var table in progress.Tables.Where(table => tellsSnapshots && !table.IsComplete && seconds % SnapshotEvery == 0))
            {
                Log.SnapshotProgress(log, source, table.Table, table.Rows, Share(table));
            }

            if (progress.Phase == SourcePhase.Streaming && (streaming.Add(source) || seconds % StreamingEvery == 0))
            {
                Log.Streaming(log, source, progress.Position, progress.LagBytes is { } lag ? ByteSize.Format(lag) : "an unknown number of bytes");
            }
        }
    }

    /// <summary>Tells which tables have become complete since the last call.</summary>
    public void TellCompleted(IReadOnlyDictionary<string, SourceProgress> sources)
    {
        foreach (var (source, progress) in sources)
        {
            foreach (var table in progress.Tables.Where(table => tellsSnapshots && table.IsComplete && complete.Add((source, table.Table))))
            {
                Log.SnapshotComplete(log, source, table.Table, table.Rows);
            }
        }
    }

    private static string Share(TableProgress table) => table.EstimatedRows is not > 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $" of about {table.EstimatedRows} ({Math.Min(100, 100 * table.Rows / table.EstimatedRows.Value)} %)");
}
