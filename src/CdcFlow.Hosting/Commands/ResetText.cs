using CdcFlow.Configuration;
using CdcFlow.Runtime;

namespace CdcFlow.Hosting.Commands;

/// <summary>What a reset says. Pure.</summary>
internal static class ResetText
{
    /// <summary>Everything that goes, everything that stays, and what was gone already.</summary>
    /// <param name="plan">What was found.</param>
    /// <param name="directory">The store's folder.</param>
    public static IEnumerable<string> Found(ResetPlan plan, string directory) =>
    [
        .. plan.Traces.Select(Line),
        plan.StoreIsThere ? $"takes away: checkpoints and id of the store in {directory}" : $"gone already: there is nothing in the store in {directory}",
        .. plan.Unknown.Select(connection => $"not known: {connection} does not say what it has made; a marker that it keeps has to be taken away by hand, or the next start is refused"),
        "stays: every row in the sinks",
    ];

    /// <summary>A trace that is gone now.</summary>
    public static string Removed(ConnectionTrace removed) => $"taken away: {removed.Trace.Title} ({removed.Connection})";

    /// <summary>The end of it.</summary>
    public static IEnumerable<string> Done(ResetPlan plan, string directory) =>
        [.. plan.StoreIsThere ? [$"taken away: checkpoints and id of the store in {directory}"] : Array.Empty<string>(), .. Next(plan)];

    /// <summary>What the next start does.</summary>
    public static IEnumerable<string> Next(ResetPlan plan)
    {
        yield return "The next `run` is a first start: it reads the tables whole, as `Startup` of each source says, and the log from then on. What was changed while nothing held the log reaches the sinks with that.";
        yield return "Sinks that update rows by key take each row again and end as the source is, except that rows which were deleted there meanwhile stay; `run --resnapshot lost` empties such sinks first.";
        if (plan.KeepingSinks.Count > 0)
        {
            yield return $"Sinks that keep every row they ever got ({string.Join(", ", plan.KeepingSinks)}) get all rows once more: empty them yourself before, or let their readers take the last row of each key.";
        }
    }

    private static string Line(ConnectionTrace found)
    {
        var what = found.Trace.State switch
        {
            TraceState.Present => "takes away",
            TraceState.Kept => "stays",
            _ => "gone already",
        };
        return $"{what}: {found.Trace.Title} ({found.Connection}){(found.Trace.Detail is { } detail ? $": {detail}" : "")}";
    }
}
