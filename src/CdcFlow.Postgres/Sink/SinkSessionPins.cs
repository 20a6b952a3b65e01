using System.Globalization;

namespace CdcFlow.Postgres.Sink;

/// <summary>The settings of every session of the sink, whatever the server's, the database's or the role's defaults are.</summary>
internal static class SinkSessionPins
{
    private const int IdleTransactionMinutes = 30;

    /// <summary>
    /// The very first statement: until then, who may create in a schema of the role's search path could offer a function or operator that fits
    /// better than the server's own, and it would run with this role's rights. No start-up parameter, which poolers refuse.
    /// </summary>
    public const string SearchPath = "SET search_path = pg_catalog, pg_temp";

    /// <summary>The statement after it; some settings came with later servers.</summary>
    /// <param name="lockTimeoutSeconds">How long to wait for a lock.</param>
    public static string Others(int lockTimeoutSeconds) =>
        $"""
        SELECT pg_catalog.set_config(p.name, p.value, false) FROM pg_catalog.pg_settings s JOIN (VALUES
          {string.Join(", ", Values(lockTimeoutSeconds).Select(pin => $"('{pin.Name}', '{pin.Value}')"))}) p(name, value) ON s.name = p.name
        WHERE s.name <> 'synchronous_commit' OR s.setting = 'off'
        """;

    private static IEnumerable<(string Name, string Value)> Values(int lockTimeoutSeconds) =>
    [
        // What the meaning of the sink's SQL, and of values that travel as text, depends on.
        ("standard_conforming_strings", "on"), ("DateStyle", "ISO, YMD"), ("IntervalStyle", "postgres"), ("TimeZone", "UTC"), ("extra_float_digits", "1"),
        ("bytea_output", "hex"), ("array_nulls", "on"), ("xmloption", "content"), ("client_min_messages", "warning"),

        // Only a lost connection or a limit of the user's own ends a statement: emptying a large table takes its time.
        ("statement_timeout", "0"), ("transaction_timeout", "0"), ("idle_session_timeout", "0"),
        ("lock_timeout", string.Create(CultureInfo.InvariantCulture, $"{lockTimeoutSeconds}s")),
        ("idle_in_transaction_session_timeout", string.Create(CultureInfo.InvariantCulture, $"{IdleTransactionMinutes}min")),
        ("tcp_keepalives_idle", "60"), ("tcp_keepalives_interval", "10"), ("tcp_keepalives_count", "6"), ("tcp_user_timeout", "120000"),

        ("default_transaction_read_only", "off"),

        // A table whose row security would hide rows is an error instead of a table with holes.
        ("row_security", "off"),

        // Not off: what the marker says is committed must outlive a crash of the server, since the source then forgets it.
        ("synchronous_commit", "on"),
    ];
}
