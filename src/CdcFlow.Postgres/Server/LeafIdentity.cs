using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Server;

/// <summary>The replica identity of one partition: ALTER TABLE on the root does not reach it.</summary>
/// <param name="Oid">The partition.</param>
/// <param name="Sql">Its name as SQL spells it.</param>
/// <param name="Identity"><c>relreplident</c>: d, f, i or n.</param>
/// <param name="IdentityColumns">The columns that the log carries of an old row; under FULL it carries all.</param>
/// <param name="KeyCandidates">The columns of every index that is, or could become, the identity.</param>
internal sealed record LeafIdentity(
    uint Oid, string Sql, char Identity, IReadOnlySet<string> IdentityColumns, IReadOnlySet<string> KeyCandidates)
{
    /// <summary>Whether the server would take UPDATE and DELETE on it once it is published.</summary>
    internal bool HasIdentity => Identity == 'f' || IdentityColumns.Count > 0;

    /// <summary>Whether an old row of it names the row.</summary>
    /// <param name="names">The columns that name a row.</param>
    /// <param name="isKeyless">Whether only the whole row names it.</param>
    internal bool Covers(IEnumerable<string> names, bool isKeyless) => Identity == 'f' || (!isKeyless && names.All(IdentityColumns.Contains));

    /// <summary>The leaves of a partitioned table, in the order of their OIDs.</summary>
    internal static IReadOnlyList<LeafIdentity> Read(PostgresConnection connection, uint root)
    {
        var rows = connection.Query(
            $"""
            SELECT c.oid, c.oid::regclass, c.relreplident, a.attname,
                   coalesce(CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident END, false)
            FROM pg_partition_tree({root}) t JOIN pg_class c ON c.oid = t.relid
                 LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
                 LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
            WHERE t.isleaf AND c.relkind = 'r' ORDER BY c.oid
            """).Rows;
        return [.. rows.GroupBy(row => row[0]!).Select(leaf => new LeafIdentity(
            uint.Parse(leaf.Key, System.Globalization.CultureInfo.InvariantCulture), leaf.First()[1]!, leaf.First()[2]![0],
            leaf.Where(row => row[4] == "t").Select(row => row[3]!).ToHashSet(StringComparer.Ordinal),
            leaf.Select(row => row[3]).OfType<string>().ToHashSet(StringComparer.Ordinal)))];
    }
}
