using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>Something that a snapshot reader does for the log's reader.</summary>
internal abstract class SnapshotWork
{
    /// <summary>Does it, on a snapshot reader's thread.</summary>
    /// <returns>Whether the connection is still usable.</returns>
    internal abstract bool Execute(PostgresConnection connection);

    /// <summary>Takes the result over, on the log reader's thread.</summary>
    internal abstract void Apply();
}
