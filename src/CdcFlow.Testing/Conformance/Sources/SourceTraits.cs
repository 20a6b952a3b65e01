namespace CdcFlow.Testing.Conformance.Sources;

/// <summary>What a source and the stand that a check plays on can do beside the rest; a check that needs a trait applies only where it is.</summary>
[Flags]
public enum SourceTraits
{
    /// <summary>Only what every source can do: a table is read, and its inserts, updates and deletes are followed.</summary>
    None = 0,

    /// <summary>A table can be truncated, and the source says so.</summary>
    Truncate = 1,

    /// <summary>A column can be added while the source runs, and the source says so: <see cref="ISourceStand.AddColumnAsync"/>.</summary>
    SchemaChanges = 2,

    /// <summary>Work can be rolled back: <see cref="ISourceStand.RollBackAsync"/>.</summary>
    Rollback = 4,

    /// <summary>A commit can be in the log and not visible yet: <see cref="ISourceStand.DelayVisibilityAsync"/>.</summary>
    DelayedVisibility = 8,

    /// <summary>The log can be lost: <see cref="ISourceStand.LoseLogAsync"/>.</summary>
    LogLoss = 16,

    /// <summary>The source takes a <see cref="CdcFlow.Sources.ResnapshotRequest"/>.</summary>
    Resnapshot = 32,

    /// <summary>The source has <see cref="Startup.Latest"/>.</summary>
    Latest = 64,

    /// <summary>The source has <see cref="Startup.SnapshotOnly"/>.</summary>
    SnapshotOnly = 128,

    /// <summary>A table that is added to a pipeline with a checkpoint is read like the others at their first start.</summary>
    AddedTables = 256,

    /// <summary>The server can die and start again: <see cref="ISourceStand.RestartServerAsync"/>.</summary>
    ServerRestart = 512,
}
