using System.Globalization;
using CdcFlow.Configuration;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>Says of which table the log speaks: by what the server knows it by, whatever it was called at that time.</summary>
/// <remarks>Touched by the log's reader only. The server is asked once for each description, never for a row.</remarks>
internal sealed class TableRoutes(IReadOnlyCollection<SourceTable> tables, PostgresConnection connection, IConnectorLog log)
{
    private readonly Dictionary<uint, SourceTable> byOid = tables.ToDictionary(table => table.Definition.Oid);
    private readonly Dictionary<TableId, SourceTable> byName = tables.ToDictionary(table => table.Definition.Id);
    private readonly Dictionary<uint, (Relation Described, SourceTable? Table)> found = [];
    private readonly HashSet<uint> said = [];

    /// <summary>The table; null: none that is read.</summary>
    /// <exception cref="CdcFlowException">CDCF4053: another table has the name now.</exception>
    internal SourceTable? Find(Relation described)
    {
        if (found.TryGetValue(described.Oid, out var last) && ReferenceEquals(last.Described, described))
        {
            return last.Table;
        }

        var table = Search(described);
        found[described.Oid] = (described, table);
        return table;
    }

    private SourceTable? Search(Relation described)
    {
        var name = new TableId(described.Schema, described.Table);
        if (byOid.TryGetValue(described.Oid, out var table))
        {
            if (table.Definition.Id != name && said.Add(described.Oid))
            {
                log.Warning(PostgresSourceErrorCodes.TableAway, $"The log has changes of table {table.Definition.Id} under the name {name}; they are delivered.");
            }

            return table;
        }

        if (byName.TryGetValue(name, out var sameName))
        {
            RequireEarlier(sameName, described.Oid);
        }

        return null;
    }

    // The log may still speak of a table that had the name before the one that is read. If it is the other way round, the run has the wrong one.
    private void RequireEarlier(SourceTable read, uint described)
    {
        var now = connection.Query($"SELECT to_regclass({SqlText.Literal(SqlText.Table(read.Definition.Id))})::oid").Scalar;
        var known = read.Definition.Oid.ToString(CultureInfo.InvariantCulture);
        if (now is not null && now != known)
        {
            throw TableGap.Stop([TableGap.Replaced(read.Definition.Id, known, described)]);
        }
    }
}
