using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Server;

/// <summary>Which sessions and prepared transactions something waits for, in words and with the SQL that ends them. Never their statements, which may quote rows.</summary>
/// <remarks>Locks are shown to every role; what others' sessions are at is shown to members of <c>pg_monitor</c>.</remarks>
internal static class Blockers
{
    private const string Columns = "l.transactionid, a.usename, a.state, a.wait_event, date_trunc('second', clock_timestamp() - a.xact_start), p.gid";

    /// <summary>What the server process waits for; null when it waits for nobody.</summary>
    internal static string? Of(PostgresConnection connection, int processId) => Describe(connection.Query(
        $"""
        SELECT b.pid, {Columns}, (SELECT string_agg(DISTINCT w.relation::regclass::text, ', ') FROM pg_locks w WHERE w.pid = {processId} AND NOT w.granted AND w.relation IS NOT NULL)
        FROM (SELECT DISTINCT unnest(pg_blocking_pids({processId}))) AS b (pid)
             LEFT JOIN pg_locks l ON l.pid = b.pid AND l.locktype = 'transactionid' AND l.granted
             LEFT JOIN pg_stat_activity a ON a.pid = b.pid LEFT JOIN pg_prepared_xacts p ON b.pid = 0
        ORDER BY age(l.transactionid) DESC NULLS LAST LIMIT 3
        """));

    /// <summary>The oldest transactions in progress, other than this session's; null when there are none.</summary>
    internal static string? InProgress(PostgresConnection connection) => Describe(connection.Query(
        $"""
        SELECT l.pid, {Columns}, NULL
        FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid LEFT JOIN pg_prepared_xacts p ON l.pid IS NULL AND p.transaction = l.transactionid
        WHERE l.locktype = 'transactionid' AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid()
        ORDER BY age(l.transactionid) DESC LIMIT 3
        """));

    private static string? Describe(QueryResult found) => found.Rows.Count == 0
        ? null
        : (found.Rows[0][7] is { } relations ? $"the lock of {relations}, which is held by " : "") + string.Join("; ", found.Rows.Select(Describe));

    private static string Describe(string?[] row)
    {
        if (row is [_, _, _, _, _, _, { } prepared, _])
        {
            return $"prepared transaction {SqlText.Literal(prepared)} (to end it: ROLLBACK PREPARED {SqlText.Literal(prepared)}; or COMMIT PREPARED {SqlText.Literal(prepared)};)";
        }

        string?[] facts = [row[2] is { } role ? $"role {role}" : null, row[3], row[4] is "SyncRep" ? "its commit waits for a standby" : null, row[5] is { } age ? $"begun {age} ago" : null];
        var known = string.Join(", ", facts.Where(fact => fact is not null));
        return (row[1] is { } xid ? $"transaction {xid} of " : "") + $"server process {row[0]}{(known.Length > 0 ? $" ({known})" : "")} (to end it: SELECT pg_terminate_backend({row[0]});)";
    }
}
