using System.Globalization;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Server;

/// <summary>By which rows of the catalog a publication publishes tables, and which transactions wrote these rows.</summary>
/// <remarks>A publication that was altered, or dropped and made again, is told by other rows, also where it says again what it said before.
/// Tables that are added to it or taken out of it change nothing for the others.</remarks>
internal static class PublicationProof
{
    private const char Separator = '|';

    /// <summary>The proof of each table; none where there is no such publication.</summary>
    /// <remarks>In order: what must not change; the transaction that wrote the publication's own row; what may have been its reason without leaving
    /// changes out; the rows that list the table; the row that lists its schema, and the one that says since when
    /// the table is in it: in another, it was not published.</remarks>
    internal static IReadOnlyDictionary<TableId, string> Read(PostgresConnection connection, string publication, IReadOnlyList<PostgresTable> tables)
    {
        if (tables.Count == 0)
        {
            return new Dictionary<TableId, string>();
        }

        var bySchema = connection.ServerVersion >= 15
            ? """
              coalesce((SELECT s.oid || '/' || s.xmin || '/' || d.xmin FROM pg_publication_namespace s
                  JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0 AND d.refclassid = 'pg_namespace'::regclass
                  WHERE s.pnpubid = p.oid AND s.pnnspid = c.relnamespace), '')
              """
            : "''";
        var generated = connection.ServerVersion >= 18 ? "p.pubgencols::text" : "'n'";
        var oids = string.Join(", ", tables.Select(table => table.Oid.ToString(CultureInfo.InvariantCulture)));
        var proofs = connection.Query(
            $"""
            SELECT c.oid, concat_ws('{Separator}',
                concat(p.oid, '/', p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate,
                    CASE WHEN c.relkind = 'p' OR c.relispartition THEN p.pubviaroot END),
                p.xmin,
                concat(p.pubowner, '/', encode(textsend(p.pubname::text), 'hex'), '/', p.pubviaroot, {generated}),
                coalesce((
                    SELECT string_agg(r.oid || '/' || r.xmin, ' ' ORDER BY r.oid) FROM pg_publication_rel r
                    WHERE r.prpubid = p.oid AND (r.prrelid = c.oid OR r.prrelid IN (SELECT relid FROM pg_partition_ancestors(c.oid) AS a (relid)))), ''),
                {bySchema})
            FROM pg_publication p, pg_class c WHERE p.pubname = {SqlText.Literal(publication)} AND c.oid IN ({oids})
            """).Rows.ToDictionary(row => uint.Parse(row[0]!, CultureInfo.InvariantCulture), row => row[1]!);
        return tables.Where(table => proofs.ContainsKey(table.Oid)).ToDictionary(table => table.Id, table => proofs[table.Oid]);
    }

    /// <summary>Compares two proofs of a table. Pure.</summary>
    /// <param name="known">The earlier.</param>
    /// <param name="now">The later; null: the publication is gone.</param>
    internal static ProofChange Compare(string known, string? now)
    {
        if (known == now)
        {
            return ProofChange.None;
        }

        if (known.Split(Separator) is not [var firm, var writer, var reason, var listed, var schema]
            || now?.Split(Separator) is not [var firmNow, var writerNow, var reasonNow, var listedNow, var schemaNow])
        {
            return ProofChange.Gap;
        }

        // One of the ways in which it was published is still there; a schema's leaves out no rows, whatever the table's own does.
        var isInSchema = schema == schemaNow || IsEarlierForm(schema, schemaNow);
        var isListed = (listed == listedNow && isInSchema) || (listed.Length > 0 && listed == listedNow) || (schema.Length > 0 && isInSchema);
        var isNarrowed = reason[^1] > reasonNow[^1]; // 's': stored generated columns, 'n': none
        return firm != firmNow || !isListed ? ProofChange.Gap
            : writer == writerNow ? ProofChange.None
            : reason != reasonNow && !isNarrowed ? ProofChange.Altered
            : ProofChange.Gap;
    }

    // Checkpoints of before 2026-12 do not say since when the table is in its schema.
    private static bool IsEarlierForm(string schema, string now) => schema.Count(letter => letter == '/') == 1 && now.StartsWith($"{schema}/", StringComparison.Ordinal);

    /// <summary>What is said where it was <see cref="ProofChange.Altered"/>.</summary>
    internal static string AlteredSentence(string publication) =>
        $"Publication '{publication}' was altered: it has another owner, name or option than before, which leaves no changes out. "
        + "If it also published less for a while, run --resnapshot with its tables.";
}
