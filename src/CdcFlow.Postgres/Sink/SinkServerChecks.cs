using CdcFlow.Configuration;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Sink;

/// <summary>What the sink's server and database must let the role do beside writing its tables.</summary>
internal static class SinkServerChecks
{
    private const string ReadOnlyTransaction = "25006";

    /// <summary>Stops at a standby, as a server may be one until a failover has ended. What a role or a database sets, a session pins.</summary>
    /// <exception cref="CdcFlowException"><see cref="PostgresSinkErrors.ReadOnly"/>, which may heal.</exception>
    public static async ValueTask RequirePrimaryAsync(SinkSession session, string connection, CancellationToken cancellationToken)
    {
        if ((await session.QueryAsync("SELECT pg_catalog.pg_is_in_recovery()", reader => reader.GetBoolean(0), cancellationToken))[0])
        {
            throw new CdcFlowException(
                PostgresSinkErrors.ReadOnly, $"Sink connection '{connection}': the server is a standby, and takes no writes.",
                ServerResolution.Of(ReadOnlyTransaction), ErrorDomain.External, isTransient: true)
            { IsAway = true };
        }
    }

    /// <summary>Whether the role may make the temporary tables that rows are merged from.</summary>
    public static async ValueTask<IReadOnlyList<PreflightCheck>> RunAsync(SinkSession session, CancellationToken cancellationToken)
    {
        var (mayMake, database) = (await session.QueryAsync(
            "SELECT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMPORARY'), pg_catalog.quote_ident(pg_catalog.current_database())",
            reader => (reader.GetBoolean(0), reader.GetString(1)), cancellationToken))[0];
        return mayMake ? [] :
        [
            new PreflightCheck(
                "temporary tables", PreflightStatus.Failed, $"The role may not make temporary tables in database {database}, from which rows are merged.",
                PostgresSinkErrors.PrivilegeMissing, $"GRANT TEMPORARY ON DATABASE {database} TO {session.Role};"),
        ];
    }
}
