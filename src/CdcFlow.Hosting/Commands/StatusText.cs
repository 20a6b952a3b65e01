using System.Globalization;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Configuration;
using CdcFlow.Hosting.Observation;
using CdcFlow.Runtime;
using CdcFlow.Sources;

namespace CdcFlow.Hosting.Commands;

/// <summary>How a pipeline stands, for people. Pure.</summary>
internal static class StatusText
{
    /// <summary>A line for each fact; what could not be asked begins with a question mark.</summary>
    public static IEnumerable<string> Lines(NamedStanding named)
    {
        var standing = named.Standing;
        IEnumerable<string> lines =
        [
            $"pipeline {named.Pipeline}",
            .. Store(named).Select(Indented),
            .. standing.Sources.SelectMany(source => Source(source.Key, source.Value)).Select(Indented),
            .. standing.Sinks.SelectMany(Sink).Select(Indented),
            .. standing.Start.SelectMany(Start).Select(Indented),
        ];
        return lines.Select(LogText.Printable);
    }

    private static string Indented(string line) => $"  {line}";

    private static IEnumerable<string> Store(NamedStanding named)
    {
        var store = named.Standing.Store;
        if (store.Failure is { } failure)
        {
            return [$"store {named.Directory}", Unknown(failure)];
        }

        return
        [
            $"store {named.Directory}: {(store.Id is { } id ? $"id {id}" : "no id yet")}, {Lease(store.Lease)}",
            store.Newest is not { Manifest: var newest } checkpoint ? "last checkpoint: none"
                : $"last checkpoint: {newest.Checkpoint}, {Age(named.At - newest.CreatedAt)} old{(checkpoint.Bytes is { } bytes ? $", {Number(bytes)} bytes" : "")}",
            .. store.Stored.OfType<DamagedCheckpoint>().Select(damaged => $"! checkpoint {damaged.Checkpoint} cannot be read: {damaged.Reason} [{damaged.Code}]"),
        ];
    }

    private static string Lease(LeaseStanding? lease) => lease switch
    {
        null => "never used",
        { Hold: LeaseHold.Held } => $"held by a living instance: epoch {lease.Epoch}{Holder(lease)}",
        { Hold: LeaseHold.Elsewhere } => $"taken on another machine and not given back, whether that instance lives is not seen from here: epoch {lease.Epoch}{Holder(lease)}, good until {Utc(lease.ExpiresAt)} by its clock",
        _ => $"free: no instance runs (the last was epoch {lease.Epoch}{Holder(lease)})",
    };

    private static string Holder(LeaseStanding lease) => lease.Holder is not { } holder ? "" : string.Create(
        CultureInfo.InvariantCulture, $", process {holder.ProcessId} on {holder.Machine}, started {Utc(holder.ProcessStarted)}");

    private static IEnumerable<string> Source(string name, SourceStanding source)
    {
        yield return $"source {name}: {(source.Position is { } position ? $"a start goes on from {position}" : "no position yet")}"
            + (source.Head is { } head ? $", the log ends at {head}" : "") + (source.LagBytes is { } lag ? $", {Number(lag)} bytes behind" : "");
        if (source.Failure is { } failure)
        {
            yield return Unknown(failure);
        }
        else
        {
            string?[] facts =
            [
                source.IsRead switch { true => "read now", false => "not read now", null => null },
                source.Confirmed is { } confirmed ? $"confirmed up to {confirmed}" : null,
                source.RetainedBytes is { } retained ? $"{Number(retained)} bytes of log retained" : null,
                .. source.Details.Select(detail => $"{detail.Key} {detail.Value}"),
            ];
            yield return $"  {string.Join(", ", facts.OfType<string>())}";
        }

        foreach (var table in source.Tables)
        {
            yield return $"  table {table.Table}: {(table.IsComplete ? "snapshot complete" : $"snapshot under way, {Number(table.Rows)} rows read")}";
        }
    }

    private static IEnumerable<string> Sink(SinkStanding sink)
    {
        yield return $"sink {sink.Connection}: {(sink.Standing is { } standing ? Sentence(standing) : "marker not compared")}"
            + (sink.Marker?.Checkpoint is { } checkpoint ? $", committed {checkpoint}" : "")
            + (sink.Marker?.Store is { } owner ? $", owner {owner} (epoch {sink.Marker.Epoch}{(sink.Marker.Holder is { } holder ? $", {holder}" : "")})" : "")
            + (sink.Rejects is { } rejects ? $", {Number(rejects)} rejected changes kept" : "");
        if (sink.Failure is { } failure)
        {
            yield return Unknown(failure);
        }
    }

    /// <summary>What a marker's standing means.</summary>
    private static string Sentence(MarkerStanding standing) => standing switch
    {
        MarkerStanding.KeepsNone => "keeps no marker",
        MarkerStanding.InStep => "in step with the store",
        MarkerStanding.Behind => "behind the store, as while a checkpoint is being committed",
        MarkerStanding.Ahead => "ahead of the store",
        MarkerStanding.Foreign => "another store's",
        _ => "no marker",
    };

    private static IEnumerable<string> Start(PreflightCheck check)
    {
        var sign = check.Status == PreflightStatus.Passed ? "" : check.Status == PreflightStatus.Warning ? "! " : "✗ ";
        yield return $"{sign}{check.Name}: {check.Sentence}{(check.Code is { } code ? $" [{code}]" : "")}";
        foreach (var line in check.Status == PreflightStatus.Passed ? [] : check.Fix?.Split('\n') ?? [])
        {
            yield return $"    {line}";
        }
    }

    private static string Unknown(CdcFlowException failure) => $"  ? not known: {failure.Happened} [{failure.Code}]";

    private static string Age(TimeSpan age) => age < TimeSpan.Zero ? "0:00:00" : age.ToString(age.TotalDays >= 1 ? @"d\.hh\:mm\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture);

    private static string Utc(DateTimeOffset? at) => at is { } known ? known.UtcDateTime.ToString("u", CultureInfo.InvariantCulture) : "an unknown time";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
