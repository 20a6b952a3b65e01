using System.Globalization;
using System.Text;

namespace CdcFlow.Testing;

/// <summary>Judges from what a sink got and what its readers see whether each change took effect once and in order. Pure.</summary>
internal static class SinkAudit
{
    /// <summary>The first thing that is wrong, with the history of its key; null when all is well.</summary>
    /// <param name="written">Everything that any instance brought to the sink, in order.</param>
    /// <param name="visible">What readers see, in the order in which they saw it.</param>
    /// <param name="pending">What the living instance has brought and not committed.</param>
    /// <param name="repeats">Whether the sink may show a change twice.</param>
    public static string? Judge(
        IReadOnlyList<WrittenChange> written, IReadOnlyList<WrittenChange> visible, IReadOnlyList<WrittenChange> pending, bool repeats) =>
        (repeats ? null : Doubled(visible)) is { } doubled ? Report("took effect twice", doubled, written, visible)
        : OutOfOrder(visible, repeats) is { } disordered ? Report("took effect after a later change of its key", disordered, written, visible)
        : Lost(written, visible, pending) is { } lost ? Report("was brought once and never took effect", lost, written, visible)
        : null;

    /// <summary>One change may become several rows of one key, but they come in one call; in another call it is a repetition.</summary>
    private static WrittenChange? Doubled(IReadOnlyList<WrittenChange> visible)
    {
        var calls = new Dictionary<object, long>();
        return visible.FirstOrDefault(change => !calls.TryAdd(change.Identity, change.Write) && calls[change.Identity] != change.Write);
    }

    private static WrittenChange? OutOfOrder(IReadOnlyList<WrittenChange> visible, bool repeats)
    {
        var newest = new Dictionary<object, SourceOffset>();
        var seen = new HashSet<object>();
        foreach (var change in visible)
        {
            var stream = (change.Sink, change.Source, change.Table, change.Key);
            if (newest.TryGetValue(stream, out var last) && IsBefore(change, last) && !(repeats && seen.Contains(change.Identity)))
            {
                return change;
            }

            newest[stream] = change.Offset;
            seen.Add(change.Identity);
        }

        return null;
    }

    /// <summary>A read is valid after the whole of its transaction, so it has no place inside it.</summary>
    private static bool IsBefore(WrittenChange change, SourceOffset last) =>
        change.Operation == Operation.SnapshotRead ? change.Offset.Transaction < last.Transaction : change.Offset < last;

    /// <summary>Every attempt brings the same changes again, except for rows of a snapshot: a later read shows what was a change before.</summary>
    private static WrittenChange? Lost(IReadOnlyList<WrittenChange> written, IReadOnlyList<WrittenChange> visible, IReadOnlyList<WrittenChange> pending)
    {
        var arrived = visible.Concat(pending).Select(change => change.Identity).ToHashSet();
        var readAnew = written.Where(change => change.Operation == Operation.SnapshotRead).Select(change => (change.Sink, change.Key)).ToHashSet();
        return written.FirstOrDefault(change => !arrived.Contains(change.Identity) && !readAnew.Contains((change.Sink, change.Key)));
    }

    private static string Report(string verdict, WrittenChange culprit, IReadOnlyList<WrittenChange> written, IReadOnlyList<WrittenChange> visible)
    {
        var report = new StringBuilder().Append(CultureInfo.InvariantCulture, $"Sink '{culprit.Sink}': {culprit} {verdict}.").AppendLine();
        Append(report, "Brought to the sink for this key:", written, culprit);
        Append(report, "Seen by readers for this key:", visible, culprit);
        return report.ToString();
    }

    private static void Append(StringBuilder report, string title, IReadOnlyList<WrittenChange> changes, WrittenChange culprit)
    {
        report.AppendLine(title);
        foreach (var change in changes.Where(change => Equals(change.Key, culprit.Key)))
        {
            report.Append("  ").AppendLine(change.ToString());
        }
    }
}
