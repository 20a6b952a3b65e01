using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Server;

/// <summary>The log reader's own SQL connection: looks what is visible, and pushes the log on.</summary>
/// <remarks>Touched by the log's reader only.</remarks>
internal sealed class ControlSession : IDisposable
{
    /// <summary>What is visible now, and the log's end after that.</summary>
    internal const string ObserveSql = "SELECT pg_current_snapshot(), pg_current_wal_insert_lsn()";

    private readonly PostgresConnection connection;

    internal ControlSession(PostgresConnection connection)
    {
        this.connection = connection;

        // A push must not wait for the standby that stalls everybody else's commits.
        connection.Query("SET synchronous_commit = local");
    }

    internal PostgresConnection Connection => connection;

    /// <summary>What is visible now, and the log's end after that.</summary>
    internal TransactionSnapshot Observe(out Lsn end)
    {
        var row = connection.Query(ObserveSql).Rows[0];
        end = Lsn.Parse(row[1]!);
        return TransactionSnapshot.Parse(row[0]!);
    }

    /// <summary>Up to where the log is safe on the server's disk, and so can be read; null where the server does not answer any more.</summary>
    internal Lsn? FindEnd()
    {
        try
        {
            return Lsn.Parse(connection.Query("SELECT pg_current_wal_flush_lsn()").Scalar!);
        }
        catch (Exception e) when (e is CdcFlowException or IOException)
        {
            return null;
        }
    }

    /// <summary>Waits until a transaction of the log shows what it did: the log has it before other sessions see it.</summary>
    internal void WaitUntilVisible(uint xid)
    {
        const int longestPause = 50;
        for (var pause = 1; !Observe(out _).Contains(xid); pause = Math.Min(pause * 2, longestPause))
        {
            Thread.Sleep(pause);
        }
    }

    /// <summary>An id that no transaction before had and every later one exceeds.</summary>
    internal ulong TakeTransactionId() => TransactionSnapshot.Number(connection.Query("SELECT pg_current_xact_id()").Scalar!);

    /// <summary>Commits a message of no consequence: the log is flushed past everything before it, and walsender has something to send.</summary>
    internal void Push() => connection.Query("SELECT pg_logical_emit_message(true, 'cdcflow', '')");

    public void Dispose() => connection.Dispose();
}
