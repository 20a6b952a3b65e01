using System.Globalization;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;
using CdcFlow.Runtime;

namespace CdcFlow.Hosting.Commands;

/// <summary>What a take-over says. Pure.</summary>
internal static class TakeOverText
{
    /// <summary>Whose a sink is, and since when.</summary>
    public static string Owner(OpenedSink sink) => sink.Found is not { } found ? $"Sink {sink.Connection} is nobody's." : string.Create(
        CultureInfo.InvariantCulture,
        $"Sink {sink.Connection} belongs to checkpoint store {found.Store}: opened last by its epoch {found.Epoch}{(found.Holder is { } holder ? $" ({holder})" : "")}, {(found.Checkpoint is { } checkpoint ? $"last checkpoint {checkpoint}" : "no checkpoint yet")}{(found.WrittenAt is { } at ? $", written {at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z" : "")}.");

    /// <summary>Whose a source's place in the log is.</summary>
    public static string Owner((string Connection, StoreId Owner) source) => $"The place in the log of source {source.Connection} belongs to checkpoint store {source.Owner}.";

    /// <summary>What was done, and how to start.</summary>
    public static string Done(TakeOverReport report)
    {
        var sources = report.Sources.Count == 0 ? null : $"the log's place of {string.Join(", ", report.Sources)}";
        return report.Connections.Count > 0 ? $"Store {report.Store} is the owner of {string.Join(", ", report.Connections)}{(sources is null ? "" : $", and of {sources}")}; whoever wrote there is fenced. {Start(report)}"
            : sources is not null ? $"Store {report.Store} owns all sinks already; it is the owner of {sources} as well now. {Start(report)}"
            : $"Store {report.Store} owns all sinks already; nothing was changed. {Start(report)}";
    }

    private static string Start(TakeOverReport report) => report.Next switch
    {
        Restore { Checkpoint.Manifest.Checkpoint: var checkpoint } => $"`run` goes on from checkpoint {checkpoint}.",
        FreshStart => "`run` starts afresh.",
        _ when report.Newest is { } newest =>
            $"This store ends before what the sinks have, so say where to begin: `run --restore-from {newest}` goes on from its newest checkpoint (rows may then appear twice); `run --restore-from none --resnapshot lost` reads everything again, and empties the tables in the sinks first.",
        _ => "This store has no checkpoint, so say where to begin: `run --restore-from none --resnapshot lost` reads everything again, and empties the tables in the sinks first.",
    };
}
