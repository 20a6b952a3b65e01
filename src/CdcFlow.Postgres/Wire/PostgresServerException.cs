namespace CdcFlow.Postgres.Wire;

/// <summary>The server said no.</summary>
/// <remarks>DETAIL is left out on purpose: it quotes row values ("Key (email)=(…) already exists").</remarks>
internal sealed class PostgresServerException : CdcFlowException
{
    private readonly ErrorFields fields;

    internal PostgresServerException(ErrorFields fields, PostgresConnectionSettings? login = null)
        : base(
            PostgresWireErrorCodes.Server,
            $"PostgreSQL answered {fields.Severity} {fields.SqlState}: {fields.Message.TrimEnd('.')}.",
            ServerResolution.Of(fields.SqlState, login) ?? (fields.Hint is { Length: > 0 } hint ? hint : null),
            ErrorDomain.External,
            IsTransientState(fields.SqlState))
    {
        this.fields = fields;
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

    /// <summary>The same, told with whom was to log in where.</summary>
    internal PostgresServerException At(PostgresConnectionSettings login) => new(fields, login);

    // 08 connection (but for 08P01, a protocol violation), 40 rollback, 53 resources, 57P shutdown and recovery, 55006 slot still held by a connection that is
    // ending, 55P03 lock not had in time.
    private static bool IsTransientState(string sqlState) =>
        sqlState is "55006" or "55P03" || (sqlState.StartsWith("08", StringComparison.Ordinal) && sqlState != "08P01") || sqlState.StartsWith("40", StringComparison.Ordinal)
        || sqlState.StartsWith("53", StringComparison.Ordinal) || sqlState.StartsWith("57P", StringComparison.Ordinal);
}
