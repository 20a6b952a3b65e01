using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Source;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Preflight;

/// <summary>Checks everything that must hold before reading starts. Changes nothing on the server.</summary>
internal sealed class PostgresPreflight(
    PostgresConnection connection, PostgresSourceOptions options, IReadOnlyList<TableOutput> outputs, string name, PostgresSourceState? state)
{
    /// <summary>Makes all checks, so that all that is wrong is fixed in one go.</summary>
    internal PreflightReport Run()
    {
        List<PreflightCheck> checks = [.. ServerChecks.Run(connection), .. SlotChecks.Run(connection, options)];
        var tables = new List<PostgresTable>();
        foreach (var group in outputs.GroupBy(output => output.Table))
        {
            if (TableCatalog.Find(connection, group.Key) is { } table)
            {
                tables.Add(table);
                checks.AddRange(TableChecks.Run(connection, table, [.. group], options.Startup));
                checks.AddRange(LockChecks.Run(table, group, name));
            }
            else
            {
                checks.Add(RenamedTables.Check(connection, state, group.Key) ?? TableChecks.Missing(connection, group.Key));
            }
        }

        if (tables.Count > 0)
        {
            checks.AddRange(PartitionChecks.Run(connection, options, tables));
            checks.AddRange(PublicationChecks.Run(connection, options, tables, outputs));
        }

        return new PreflightReport($"source {name}", checks) { Places = [.. outputs.SelectMany(Places), .. SlotChecks.Places(connection, options, name)] };
    }

    private IEnumerable<ConnectorPlace> Places(TableOutput output) => connection.Query(TablePlaces.ListSql(output.Table)).Rows
        .Select(row => new ConnectorPlace(row[0]!, $"table {output.Table}", output.NodeId, $"Set Table of '{output.NodeId}' to another table."));

    /// <summary>Makes all checks, and stops at what failed.</summary>
    /// <exception cref="CdcFlowException">With the code of what failed; CDCF4030 where several things did.</exception>
    internal void RefuseFailed()
    {
        var failed = Run().Checks.Where(check => check.Status == PreflightStatus.Failed).ToArray();
        if (failed.Length == 1)
        {
            throw new CdcFlowException(failed[0].Code!, failed[0].Sentence, failed[0].Fix);
        }

        if (failed.Length > 1)
        {
            throw new CdcFlowException(
                PostgresSourceErrorCodes.Preflight,
                $"Source '{name}' cannot start, for {failed.Length} reasons.",
                string.Join(' ', failed.Select(check => $"{check.Code}: {check.Sentence} {check.Fix}")));
        }
    }
}
