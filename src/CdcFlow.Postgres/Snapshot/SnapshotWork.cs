using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>Something that a snapshot reader does for the log's reader: one question to the server, or more.</summary>
internal abstract class SnapshotWork
{
    /// <summary>Whether <see cref="Ask"/> asks all that there is to ask: then the next piece may be asked behind it before this one's answer is
    /// read, and the server need not wait for us between two pieces.</summary>
    internal virtual bool IsAskedAtOnce => true;

    /// <summary>Whether the question is small enough to be asked while the server is busy writing to us.</summary>
    internal virtual bool IsSmall => true;

    /// <summary>Asks the first question, on a snapshot reader's thread; once for every connection that is lost before <see cref="Execute"/>.</summary>
    internal abstract void Ask(PostgresConnection connection);

    /// <summary>Reads the answer and does the rest, on the same thread.</summary>
    /// <returns>Whether the connection is still usable.</returns>
    internal abstract bool Execute(PostgresConnection connection);

    /// <summary>Takes the result over, on the log reader's thread.</summary>
    internal abstract void Apply();
}
