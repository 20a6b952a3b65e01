using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source.Watch;

/// <summary>Looks for what happened to rows without a change in the log, and says it; stops where rows would be missing.</summary>
/// <remarks>Touched by the log's reader only.</remarks>
internal sealed class FactLook(IReadOnlyCollection<SourceTable> tables, PostgresConnection connection, PostgresSourceOptions options, IConnectorLog log)
{
    /// <summary>Looks.</summary>
    /// <returns>Whether something is other than it was.</returns>
    /// <exception cref="CdcFlowException">CDCF4067: a partition was attached with rows.</exception>
    internal bool Look()
    {
        var found = FactCatalog.Read(connection, tables.Select(table => table.Definition.Oid));
        var isAnyOther = false;
        foreach (var table in tables)
        {
            isAnyOther |= found.TryGetValue(table.Definition.Oid, out var now) && Look(table, now);
        }

        return isAnyOther;
    }

    /// <summary>Looks before there is a run: what happened since the checkpoint.</summary>
    /// <param name="start">What a start was found to go on from.</param>
    /// <param name="connection">The server.</param>
    /// <param name="options">The options.</param>
    /// <param name="log">Where it is said.</param>
    /// <exception cref="CdcFlowException">CDCF4067: a partition was attached with rows.</exception>
    internal static void LookBefore(StartLook start, PostgresConnection connection, PostgresSourceOptions options, IConnectorLog log)
    {
        var known = start.Plan.State?.Tables.Where(table => !start.Anew.Contains(table.Table)).ToDictionary(table => table.Table, table => table.Facts) ?? [];
        var found = FactCatalog.Read(connection, start.Definitions.Select(definition => definition.Oid));
        foreach (var table in start.Definitions)
        {
            if (known.GetValueOrDefault(table.Id) is { } before && found.TryGetValue(table.Oid, out var now))
            {
                var report = new FactReport(
                    table, column => start.Outputs[table.Id].Any(output => output.Schema.Columns.Any(wanted => table.Find(wanted)?.Name == column)), connection, options, log);
                FactChange.Between(before, now).ToList().ForEach(change => report.Report(now, change));
            }
        }
    }

    private bool Look(SourceTable table, TableFacts now)
    {
        if (table.Facts?.IsSame(now) == true)
        {
            return false;
        }

        foreach (var change in table.Facts is { } before ? FactChange.Between(before, now) : [])
        {
            new FactReport(table.Definition, table.Binding.Reads, connection, options, log).Report(now, change);
        }

        table.Facts = now;
        return true;
    }
}
