using CdcFlow.Wire;

namespace CdcFlow.Postgres.Wire;

/// <summary>What to do about an answer of the server, by its SQLSTATE: one table for the source and the sink, which mean the same by it.</summary>
internal static class ServerResolution
{
    private const string ReadOnly = "25006";
    private const string NotAccepting = "55000";
    private const string NoPrivilege = "42501";

    /// <param name="state">The SQLSTATE.</param>
    /// <param name="login">With what the session was to be opened; null where it was open.</param>
    /// <returns>Null where there is nothing to say that the server's own words do not.</returns>
    internal static string? Of(string state, PostgresConnectionSettings? login = null)
    {
        var role = login is null ? "…" : SqlText.Identifier(login.Username);
        var database = login is null ? "…" : SqlText.Identifier(login.Database);
        return state switch
        {
            "28P01" =>
                $"Give the password of role {role} as Password in the connection string, or set it: ALTER ROLE {role} PASSWORD '…'; where there is no such role: CREATE ROLE {role} LOGIN PASSWORD '…';",
            "28000" =>
                $"Let role {role} in from here: a line in pg_hba.conf such as {HbaLine(login)}, then SELECT pg_reload_conf(); and ALTER ROLE {role} LOGIN; where there is no such role: CREATE ROLE {role} LOGIN PASSWORD '…';",
            "3D000" => $"CREATE DATABASE {database}; or name another one as Database in the connection string.",
            "53300" =>
                $"Close idle connections (SELECT pid, usename, application_name, state_change FROM pg_stat_activity WHERE state = 'idle';), or ALTER SYSTEM SET max_connections = …; and restart the server "
                + $"(for replication: max_wal_senders). Where the limit is the role's or the database's own: ALTER ROLE {role} CONNECTION LIMIT -1; ALTER DATABASE {database} CONNECTION LIMIT -1;",
            "53100" =>
                "Make room on the server's disk; the pipeline goes on by itself. What takes it: SELECT datname, pg_size_pretty(pg_database_size(datname)) FROM pg_database ORDER BY pg_database_size(datname) DESC; "
                + "and log that slots hold back: SELECT slot_name, active, restart_lsn FROM pg_replication_slots;",
            "57P01" or "57P02" or "57P03" =>
                "Nothing, while the server starts, stops or recovers: the pipeline tries again from its last checkpoint. If it goes on, look at the server's log.",
            "40P01" or "40001" => "Nothing: the pipeline starts again from its last checkpoint and writes it anew. If it goes on, look in the server's log for who else writes the same rows.",
            ReadOnly => "Name the primary as Host in the connection string, or make one of this server: SELECT pg_promote();",
            NotAccepting when login is not null => $"ALTER DATABASE {database} ALLOW_CONNECTIONS true; or name another one as Database in the connection string.",
            NoPrivilege when login is not null => $"GRANT CONNECT ON DATABASE {database} TO {role}; and for a source ALTER ROLE {role} REPLICATION;",
            _ => null,
        };
    }

    private static string HbaLine(PostgresConnectionSettings? login) =>
        login is null ? "hostssl … scram-sha-256"
        : login.IsUnixSocket ? $"`local {SqlText.Identifier(login.Database)} {SqlText.Identifier(login.Username)} scram-sha-256`"
        : $"`{(login.Tls == TlsMode.Disable ? "host" : "hostssl")} {SqlText.Identifier(login.Database)} {SqlText.Identifier(login.Username)} ADDRESS scram-sha-256`, with this machine's ADDRESS";
}
