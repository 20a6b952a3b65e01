using CdcFlow.Configuration;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Preflight;

/// <summary>What the role is that it need not be, and which of its settings change values although no session can pin them.</summary>
internal static class RoleChecks
{
    internal static IEnumerable<PreflightCheck> Run(PostgresConnection connection)
    {
        var role = connection.Query("SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user").Rows[0];
        var name = SqlText.Identifier(role[0]!);
        if (role[1] == "t")
        {
            yield return Warning(
                $"Role {role[0]} is a superuser: whoever gets its password has the server.",
                $"Give the source a role of its own: CREATE ROLE cdc LOGIN REPLICATION PASSWORD '…'; GRANT SELECT ON … TO cdc;");
        }

        // The monetary locale decides how stored money is written, so pinning one would change values.
        foreach (var row in connection.Query("SELECT name, setting FROM pg_settings WHERE source IN ('user', 'database user') AND name = 'lc_monetary'").Rows)
        {
            yield return Warning($"Role {role[0]} has {row[0]} = '{row[1]}' of its own: money comes as that writes it, not as the application's roles see it.", $"ALTER ROLE {name} RESET {row[0]};");
        }
    }

    private static PreflightCheck Warning(string sentence, string fix) => new("role", PreflightStatus.Warning, sentence, PostgresWireErrorCodes.Role, fix);
}
