namespace CdcFlow.Postgres;

/// <summary>Codes of the PostgreSQL source: CDCF4030–CDCF4099. Each has a row in <c>docs/reference/errors.md</c>.</summary>
internal static class PostgresSourceErrorCodes
{
    /// <summary>The preflight found something that keeps the source from starting.</summary>
    public const string Preflight = "CDCF4030";

    /// <summary>The server is too old, is a standby, or does not write what logical decoding needs.</summary>
    public const string ServerSetting = "CDCF4031";

    /// <summary>No free replication slot or WAL sender.</summary>
    public const string NoFreeSlot = "CDCF4032";

    /// <summary>The role lacks a grant.</summary>
    public const string Grant = "CDCF4033";

    /// <summary>There is no such table.</summary>
    public const string UnknownTable = "CDCF4034";

    /// <summary>The publication is missing or does not cover what the pipeline reads, and the pipeline may not alter it.</summary>
    public const string Publication = "CDCF4035";

    /// <summary>The table's replica identity does not let updates and deletes be told.</summary>
    public const string ReplicaIdentity = "CDCF4036";

    /// <summary>The row type's key is not the table's.</summary>
    public const string Key = "CDCF4037";

    /// <summary>A column of the row type is not one that the log carries.</summary>
    public const string Column = "CDCF4038";

    /// <summary>The slot that the checkpoint was made with is gone.</summary>
    public const string SlotMissing = "CDCF4040";

    /// <summary>The server has thrown away log that the slot needs.</summary>
    public const string SlotLost = "CDCF4041";

    /// <summary>The slot was moved past the checkpoint: changes between are gone.</summary>
    public const string SlotAhead = "CDCF4042";

    /// <summary>The checkpoint was made with another server.</summary>
    public const string OtherServer = "CDCF4043";

    /// <summary>The server's history has branched off since the checkpoint.</summary>
    public const string OtherTimeline = "CDCF4044";

    /// <summary>Another connection holds the slot.</summary>
    public const string SlotActive = "CDCF4045";

    /// <summary>The slot is not one that this source can read.</summary>
    public const string SlotForeign = "CDCF4046";

    /// <summary>The source's part of the checkpoint cannot be read.</summary>
    public const string State = "CDCF4047";

    /// <summary>The source does not have the startup mode that was asked for.</summary>
    public const string Startup = "CDCF4048";

    /// <summary>Two nodes of one connection contradict each other.</summary>
    public const string Contradiction = "CDCF4049";

    /// <summary>Tables are read anew because the log needed to go on is gone (a warning).</summary>
    public const string ReadAnew = "CDCF4050";

    /// <summary>The replica identity was altered so that the log does not name rows by the row type's key any more.</summary>
    public const string IdentityChanged = "CDCF4065";

    /// <summary>A partition is read beside its root, or its changes come as its root's.</summary>
    public const string PartitionOfRead = "CDCF4066";

    /// <summary>A partition was attached with rows that the log never had as rows of its root.</summary>
    public const string PartitionAttached = "CDCF4067";

    /// <summary>A partition was detached or dropped, and its rows stay downstream (a warning).</summary>
    public const string PartitionGone = "CDCF4068";

    /// <summary>Values may have changed without a change in the log (a warning).</summary>
    public const string ValuesChanged = "CDCF4069";

    /// <summary>Transactions are skipped because the start says so (a warning).</summary>
    public const string Skipped = "CDCF4070";

    /// <summary>The place to skip to is none that the source can go on from.</summary>
    public const string SkipRefused = "CDCF4071";

    /// <summary>A part of the log is to be left out while a snapshot needs it.</summary>
    public const string SkipInSnapshot = "CDCF4090";

    /// <summary>The snapshot waits for transactions that are not visible yet (a warning).</summary>
    public const string SnapshotWaits = "CDCF4051";

    /// <summary>A checkpoint of an earlier version lacks identities, which are taken from the server (a warning).</summary>
    public const string StateCompleted = "CDCF4052";

    /// <summary>A table's primary key or replica identity was changed while its changes are read.</summary>
    public const string KeyChanged = "CDCF4080";

    /// <summary>A table has lost the unique index of its key: the source restarts and expects keys that overlap.</summary>
    public const string KeysOverlap = "CDCF4081";

    /// <summary>Another table has the name of the one that was read.</summary>
    public const string OtherTable = "CDCF4053";

    /// <summary>A table has lost its name while it is read (a warning), or was found renamed at the start.</summary>
    public const string TableAway = "CDCF4054";

    /// <summary>The publication was altered or replaced since the checkpoint, and may have left changes out.</summary>
    public const string PublicationGap = "CDCF4055";

    /// <summary>A table's columns have changed since they were bound: they are bound anew.</summary>
    public const string ColumnsChanged = "CDCF4056";

    /// <summary>A table is read again because that was asked for (a warning).</summary>
    public const string Resnapshot = "CDCF4057";

    /// <summary>The log has rows from before the table got a column that may not be null.</summary>
    public const string ColumnNotInLog = "CDCF4058";

    /// <summary>The log has rows from before the table got a column: it is null in them (a warning).</summary>
    public const string ColumnLacking = "CDCF4059";

    /// <summary>Sinks that are not emptied get rows once more that are read again (a warning).</summary>
    public const string KeepingSinks = "CDCF4060";

    /// <summary>The slot is another checkpoint store's, and this start has no checkpoint.</summary>
    public const string SlotOwned = "CDCF4091";

    /// <summary>The slot belongs to this start's checkpoint store from now on; the publication named none, or another (a warning).</summary>
    public const string SlotAdopted = "CDCF4092";
}
