using CdcFlow.Sinks;

namespace CdcFlow.Testing.Conformance.Checks;

/// <summary>The table of all checks.</summary>
internal static class SinkChecks
{
    private static readonly SinkKind[] transactional = [SinkKind.Transactional];
    private static readonly SinkKind[] staged = [SinkKind.Staged];
    private static readonly SinkKind[] exactlyOnce = [SinkKind.Transactional, SinkKind.Staged];
    private static readonly SinkKind[] effectOnce = [SinkKind.Transactional, SinkKind.Staged, SinkKind.Idempotent];
    private static readonly SinkKind[] every = [SinkKind.Transactional, SinkKind.Staged, SinkKind.Idempotent, SinkKind.AtLeastOnce];

    public static IReadOnlyList<SinkCheck> All { get; } =
    [
        new("Nothing is visible before commit", exactlyOnce, VisibilityChecks.NothingBeforeCommit),
        new("Commit shows exactly what was prepared", every, VisibilityChecks.CommitShowsWhatWasPrepared),
        new("All sinks of a connection become visible together", exactlyOnce, VisibilityChecks.SinksTogether),
        new("A checkpoint without changes commits", every, VisibilityChecks.EmptyCheckpoint),
        new("Writes of an aborted checkpoint are covered by the next", every, VisibilityChecks.AbortedCheckpoint),
        new("Ten thousand rows in one checkpoint", every, VisibilityChecks.ManyRows),

        new("A crash before prepare leaves nothing", exactlyOnce, CrashChecks.BeforePrepare),
        new("A crash after prepare leaves nothing visible", exactlyOnce, CrashChecks.AfterPrepare),
        new("Another process commits what was prepared", staged, CrashChecks.CommitByAnother),
        new("A crash after commit keeps everything once", exactlyOnce, CrashChecks.AfterCommit),
        new("Commit a second time changes nothing", effectOnce, CrashChecks.CommitTwice),
        new("Repeating writes after a crash gives the same rows", effectOnce, CrashChecks.RepeatedWrites),
        new("A first opening finds no marker", exactlyOnce, CrashChecks.NoMarkerAtFirst),
        new("The marker names the last committed checkpoint", transactional, CrashChecks.MarkerNamesLastCommit),
        new("The marker is never ahead of what was committed", exactlyOnce, CrashChecks.MarkerNotAhead),

        new("A first reading of an empty place finds nothing", every, MarkerChecks.NothingAtFirst),
        new("A first reading says what the next opening finds", exactlyOnce, MarkerChecks.SaysWhatOpeningFinds),
        new("A first reading disturbs nobody", every, MarkerChecks.DisturbsNobody),
        new("Another store is refused and nobody is harmed", exactlyOnce, MarkerChecks.AnotherStoreIsRefused),
        new("Another store that replaces the owner fences it", exactlyOnce, MarkerChecks.ReplacedOwnerIsFenced),

        new("A reset takes the marker away and keeps the rows", exactlyOnce, ResetChecks.TakesMarkerAndKeepsRows),
        new("An instance from before a reset cannot commit", exactlyOnce, ResetChecks.PausedInstanceCannotCommit),
        new("A reset leaves another store's sink alone", exactlyOnce, ResetChecks.LeavesAnotherStoresSinkAlone),

        new("An older instance cannot commit", transactional, FencingChecks.OlderCannotCommit),
        new("An older instance cannot open", transactional, FencingChecks.OlderCannotOpen),
        new("An older instance does no harm", exactlyOnce, FencingChecks.OlderDoesNoHarm),

        new("Inserts, updates and deletes give the source's rows", effectOnce, RowChecks.InsertUpdateDelete),
        new("A truncate removes everything before it and nothing after it", exactlyOnce, RowChecks.Truncate),
        new("An unchanged column keeps its value", exactlyOnce, RowChecks.UnchangedColumns),
        new("A column that the log never carries stops no row and takes no value", exactlyOnce, RowChecks.NotCarriedColumns),
        new("Changes of one key take effect in order", effectOnce, RowChecks.OrderPerKey),
        new("Composite keys and odd column names", effectOnce, RowChecks.CompositeKeys),
        new("Every type keeps its value", every, RowChecks.EveryType),
    ];
}
