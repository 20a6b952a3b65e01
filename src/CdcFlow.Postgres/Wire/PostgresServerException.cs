namespace CdcFlow.Postgres.Wire;

/// <summary>The server said no.</summary>
internal sealed class PostgresServerException : CdcFlowException
{
    internal PostgresServerException(ErrorFields fields)
        : base(
            PostgresWireErrorCodes.Server,
            $"PostgreSQL answered {fields.Severity} {fields.SqlState}: {fields.Message.TrimEnd('.')}.",
            FixOf(fields),
            ErrorDomain.External,
            IsTransientState(fields.SqlState))
    {
        SqlState = fields.SqlState;
        ServerMessage = fields.Message;
        IsAway = IsAwayState(fields.SqlState);
    }

    /// <summary>The five characters of <see href="https://www.postgresql.org/docs/current/errcodes-appendix.html"/>.</summary>
    internal string SqlState { get; }

    /// <summary>The server's sentence, in its own language.</summary>
    internal string ServerMessage { get; }

    /// <summary>It starts, stops, recovers, or has no room for another connection.</summary>
    internal static bool IsAwayState(string sqlState) =>
        sqlState is "53300" || sqlState.StartsWith("08", StringComparison.Ordinal) || sqlState.StartsWith("57P", StringComparison.Ordinal);

    // DETAIL is left out on purpose: it quotes row values ("Key (email)=(…) already exists").
    private static string? FixOf(ErrorFields fields) => fields.SqlState switch
    {
        "28P01" => "Give the role's password in the connection string, or set it: ALTER ROLE … PASSWORD '…'.",
        "28000" => "Let the role log in from here: a line in pg_hba.conf (hostssl … scram-sha-256), and ALTER ROLE … LOGIN REPLICATION.",
        "3D000" => "Name an existing database in the connection string.",
        "53300" => "Close idle connections or raise max_connections (for replication: max_wal_senders).",
        _ => fields.Hint is { Length: > 0 } hint ? hint : null,
    };

    // 08 connection (but for 08P01, a protocol violation), 40 rollback, 53 resources, 57P shutdown and recovery, 55006 slot still held by a connection that is
    // ending, 55P03 lock not had in time.
    private static bool IsTransientState(string sqlState) =>
        sqlState is "55006" or "55P03" || (sqlState.StartsWith("08", StringComparison.Ordinal) && sqlState != "08P01") || sqlState.StartsWith("40", StringComparison.Ordinal)
        || sqlState.StartsWith("53", StringComparison.Ordinal) || sqlState.StartsWith("57P", StringComparison.Ordinal);
}
