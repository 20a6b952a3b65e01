using System.Globalization;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>By which rows of the catalog a publication publishes tables, and which transactions wrote these rows.</summary>
/// <remarks>A publication that was altered, or dropped and made again, is told by other rows, also where it says again what it said before.
/// Tables that are added to it or taken out of it change nothing for the others.</remarks>
internal static class PublicationProof
{
    /// <summary>The proof of each table; none where there is no such publication.</summary>
    internal static IReadOnlyDictionary<TableId, string> Read(PostgresConnection connection, string publication, IReadOnlyList<PostgresTable> tables)
    {
        if (tables.Count == 0)
        {
            return new Dictionary<TableId, string>();
        }

        var bySchema = connection.ServerVersion >= 15
            ? "|| coalesce((SELECT ' ' || s.oid || '/' || s.xmin FROM pg_publication_namespace s WHERE s.pnpubid = p.oid AND s.pnnspid = c.relnamespace), '')"
            : "";
        var oids = string.Join(", ", tables.Select(table => table.Oid.ToString(CultureInfo.InvariantCulture)));
        var proofs = connection.Query(
            $"""
            SELECT c.oid, p.oid || '/' || p.xmin || coalesce((
                SELECT string_agg(' ' || r.oid || '/' || r.xmin, '' ORDER BY r.oid) FROM pg_publication_rel r
                WHERE r.prpubid = p.oid AND (r.prrelid = c.oid OR r.prrelid IN (SELECT relid FROM pg_partition_ancestors(c.oid) AS a (relid)))), '') {bySchema}
            FROM pg_publication p, pg_class c WHERE p.pubname = {SqlText.Literal(publication)} AND c.oid IN ({oids})
            """).Rows.ToDictionary(row => uint.Parse(row[0]!, CultureInfo.InvariantCulture), row => row[1]!);
        return tables.Where(table => proofs.ContainsKey(table.Oid)).ToDictionary(table => table.Id, table => proofs[table.Oid]);
    }
}
