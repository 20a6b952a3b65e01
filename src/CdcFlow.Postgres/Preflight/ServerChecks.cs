using CdcFlow.Configuration;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Preflight;

/// <summary>What the server and the role must be.</summary>
internal static class ServerChecks
{
    private const int OldestVersion = 13;

    internal static IEnumerable<PreflightCheck> Run(PostgresConnection connection)
    {
        yield return new PreflightCheck("connection", PreflightStatus.Passed, $"Connected to {connection.Server}.");
        yield return Version(connection);
        yield return Primary(connection);
        yield return WalLevel(connection);
        yield return Replication(connection);
        foreach (var check in RoleChecks.Run(connection))
        {
            yield return check;
        }
    }

    private static PreflightCheck Version(PostgresConnection connection) => connection.ServerVersion >= OldestVersion
        ? new("server_version", PreflightStatus.Passed, $"The server is PostgreSQL {connection.Parameters["server_version"]}.")
        : new(
            "server_version", PreflightStatus.Failed, $"The server is PostgreSQL {connection.ServerVersion}; {OldestVersion} is the oldest that works.",
            PostgresSourceErrorCodes.ServerSetting, "Upgrade the server.");

    private static PreflightCheck Primary(PostgresConnection connection) => connection.Query("SELECT pg_is_in_recovery()").Scalar == "f"
        ? new("primary", PreflightStatus.Passed, "The server is a primary.")
        : new(
            "primary", PreflightStatus.Failed, "The server is a standby: a snapshot there does not show what its log position says.",
            PostgresSourceErrorCodes.ServerSetting, "Connect to the primary.");

    private static PreflightCheck WalLevel(PostgresConnection connection)
    {
        var level = connection.Query("SHOW wal_level").Scalar;
        return level == "logical"
            ? new("wal_level", PreflightStatus.Passed, "wal_level is logical.")
            : new(
                "wal_level", PreflightStatus.Failed, $"wal_level is {level}, so the log does not say which rows changed.",
                PostgresSourceErrorCodes.ServerSetting, "ALTER SYSTEM SET wal_level = logical; -- then restart the server");
    }

    // Managed servers give the right by membership in a role of their own.
    private static PreflightCheck Replication(PostgresConnection connection)
    {
        var row = connection.Query(
            """
            SELECT current_user, rolreplication OR rolsuper OR EXISTS (
                       SELECT FROM pg_roles m WHERE m.rolname IN ('rds_replication', 'azure_pg_admin', 'cloudsqlsuperuser') AND pg_has_role(m.oid, 'MEMBER'))
            FROM pg_roles WHERE rolname = current_user
            """).Rows[0];
        return row[1] == "t"
            ? new("replication", PreflightStatus.Passed, $"Role {row[0]} may replicate.")
            : new(
                "replication", PreflightStatus.Failed, $"Role {row[0]} may not replicate.", PostgresSourceErrorCodes.Grant,
                $"ALTER ROLE {SqlText.Identifier(row[0]!)} REPLICATION;");
    }
}
