namespace CdcFlow.Postgres.Wire;

/// <summary>
/// The settings of every session of this client, whatever the server's, the database's or the role's defaults are: values are written one way in
/// snapshot and log, limits meant for applications do not end a snapshot, and names mean what the server ships.
/// </summary>
internal static class SessionPins
{
    /// <summary>
    /// Who may create in a schema of the search path can otherwise offer a function or operator that fits an argument better than the server's own,
    /// and it runs with this role's rights. Temporary objects come last.
    /// </summary>
    private const string SearchPath = "pg_catalog, pg_temp";

    /// <summary>Those that every supported server knows. Sent with the start-up packet, so that no statement ever runs without them.</summary>
    internal static IReadOnlyList<(string Name, string Value)> StartUp { get; } =
    [
        ("search_path", SearchPath),
        ("client_encoding", "UTF8"), ("DateStyle", "ISO, MDY"), ("IntervalStyle", "postgres"), ("TimeZone", "UTC"),
        ("extra_float_digits", "1"), ("bytea_output", "hex"), ("standard_conforming_strings", "on"), ("quote_all_identifiers", "off"),
        ("statement_timeout", "0"), ("lock_timeout", "0"), ("idle_in_transaction_session_timeout", "0"),
        ("default_transaction_read_only", "off"), ("default_transaction_isolation", "read committed"), ("default_transaction_deferrable", "off"),

        // Notices are addressed to a person at a prompt, and an event trigger may have many.
        ("client_min_messages", "error"),

        // A table whose row security would hide rows is an error instead of a snapshot with holes.
        ("row_security", "off"),
    ];

    /// <summary>The first statements of a session: settings that came with later servers, and whether those of the start-up packet hold.</summary>
    internal static string FirstStatements(int serverVersion) =>
        (serverVersion >= 14 ? "SET idle_session_timeout = 0; " : "")
        + (serverVersion >= 17 ? "SET transaction_timeout = 0; " : "")
        + "SHOW search_path";

    /// <summary>Stops where something on the way dropped the start-up packet's settings.</summary>
    /// <exception cref="CdcFlowException">CDCF4013.</exception>
    internal static void Check(string? searchPath)
    {
        if (searchPath != SearchPath)
        {
            throw Pooled($"dropped the start-up parameter search_path (it is '{searchPath}')");
        }
    }

    /// <summary>The error of a connection that something handles between this client and the server.</summary>
    internal static CdcFlowException Pooled(string what) => new(
        PostgresWireErrorCodes.Pooler,
        $"A connection pooler (pgbouncer or the like) stands before the server: it {what}.",
        "Give host and port of PostgreSQL itself in the connection string: log and snapshot are read in sessions of their own, which a pooler does not keep.");
}
