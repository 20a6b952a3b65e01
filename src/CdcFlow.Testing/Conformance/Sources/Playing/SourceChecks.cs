using CdcFlow.Testing.Conformance.Sources.Life;
using CdcFlow.Testing.Conformance.Sources.Log;
using CdcFlow.Testing.Conformance.Sources.Snapshot;

namespace CdcFlow.Testing.Conformance.Sources.Playing;

/// <summary>The table of all checks.</summary>
internal static class SourceChecks
{
    public static IReadOnlyList<SourceCheck> All { get; } =
    [
        new("Rows that are there come once each, as reads", SourceTraits.None, ReadChecks.OnceEach),
        new("An empty table and one with a single row are read", SourceTraits.None, ReadChecks.EmptyAndSingle),
        new("Composite and textual keys are read whole", SourceTraits.None, ReadChecks.CompositeKeys),
        new("Rows of more bytes than the budget are read", SourceTraits.None, ReadChecks.LargeRows),
        new("Progress of a snapshot never goes back", SourceTraits.None, ReadChecks.Progress),

        new("Changes while a table is read are neither lost nor doubled", SourceTraits.None, WriterChecks.RandomChanges),
        new("A key that moves while a table is read comes once", SourceTraits.None, WriterChecks.MovingKeys),
        new("A table that is emptied while it is read is empty downstream", SourceTraits.Truncate, WriterChecks.Truncates),
        new("A commit that others do not see yet is not missed", SourceTraits.DelayedVisibility, WriterChecks.StalledCommits),
        new("A commit that stalls from before the log's beginning is waited for", SourceTraits.DelayedVisibility, WriterChecks.StalledBeforeTheLog),

        new("A snapshot goes on from every state", SourceTraits.None, RestartChecks.EveryState),
        new("A crash before the first checkpoint begins again", SourceTraits.None, RestartChecks.WithoutState),
        new("A table that is added between runs is read whole", SourceTraits.AddedTables, RestartChecks.AddedTable),
        new("A table that is asked for is read again, whole and once", SourceTraits.Resnapshot, RestartChecks.ReadAgain),

        new("Inserts, updates and deletes come as they happened", SourceTraits.None, ChangeChecks.AsTheyHappened),
        new("An update of the key is a delete and an insert in one round", SourceTraits.None, ChangeChecks.KeyUpdate),
        new("A large column that an update leaves alone keeps its value", SourceTraits.None, ChangeChecks.LargeUnchanged),
        new("Every type has the same value from snapshot and log", SourceTraits.None, ChangeChecks.EveryTypeTwice),

        new("A transaction larger than the budget goes on from its states", SourceTraits.None, TransactionChecks.LargerThanBudget),
        new("Work that is rolled back never comes", SourceTraits.Rollback, TransactionChecks.RolledBack),
        new("All tables that a transaction changes come in one round", SourceTraits.None, TransactionChecks.SeveralTables),
        new("Changes of other tables bring nothing and end a bounded run", SourceTraits.None, TransactionChecks.OtherTables),
        new("A column that is added is told once, before its first row", SourceTraits.SchemaChanges, SchemaChecks.AddedColumn),

        new("A bounded run ends, and the next one goes on", SourceTraits.None, RunChecks.Bounded),
        new("A bounded run ends while others write", SourceTraits.None, RunChecks.BoundedUnderWriters),
        new("A snapshot alone ends and keeps no log at the server", SourceTraits.SnapshotOnly, RunChecks.SnapshotAlone),
        new("Latest brings only what comes after the first start", SourceTraits.Latest, RunChecks.Latest),
        new("Looking at a source changes nothing", SourceTraits.None, RunChecks.LookingChangesNothing),

        new("Nothing is forgotten before it is confirmed", SourceTraits.None, ConfirmChecks.NothingBeforeConfirmed),
        new("A place whose log is gone is refused as lost", SourceTraits.LogLoss, ConfirmChecks.LostLog),
        new("Two instances never both read", SourceTraits.None, InstanceChecks.TwoAtATime),
        new("A source goes on after its server died", SourceTraits.ServerRestart, ServerChecks.Restart),
        new("Disposal ends a read that waits and gives all bytes back", SourceTraits.None, InstanceChecks.Disposal),
    ];
}
