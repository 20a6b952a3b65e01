using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>What an old row in the log holds, by the replica identity of the relation that the row is of.</summary>
/// <remarks>
/// A Relation message tells a table's own identity, of the time of its rows. Of a partitioned table it tells the root's, and old rows are marked by
/// that, while each partition's own identity decides what they hold: there the row itself is looked at, beside the partitions' indexes.
/// </remarks>
internal sealed class OldRows
{
    private readonly TableId table;
    private readonly bool isKeyless;
    private readonly int[] naming;
    private readonly (int[] NeverInKeys, int[] NeverNull)? partitioned;
    private readonly string? lacking;
    private readonly bool isFull;
    private readonly string restore;

    private OldRows(
        TableId table, bool isKeyless, int[] naming, (int[] NeverInKeys, int[] NeverNull)? partitioned, string? lacking, bool isFull, string restore) =>
        (this.table, this.isKeyless, this.naming, this.partitioned, this.lacking, this.isFull, this.restore)
            = (table, isKeyless, naming, partitioned, lacking, isFull, restore);

    /// <param name="definition">The table.</param>
    /// <param name="relation">As the log describes it.</param>
    /// <param name="isKeyless">Whether some output has no key, so that only whole old rows name its rows.</param>
    /// <param name="naming">The fields that name a row, for the table and its outputs.</param>
    /// <param name="leaves">The partitions; empty for a plain table.</param>
    internal static OldRows Of(PostgresTable definition, Relation relation, bool isKeyless, int[] naming, IReadOnlyList<LeafIdentity> leaves)
    {
        if (!definition.IsPartitioned)
        {
            var isFull = relation.Identity == ReplicaIdentity.Full;
            var isCovered = isFull || (!isKeyless && naming.All(field => relation.Columns[field].IsKey));
            return new OldRows(
                definition.Id, isKeyless, naming, null, isCovered ? null : definition.Id.ToString(), isFull, definition.RestoreIdentity(SqlText.Table(definition.Id)));
        }

        // The server takes no update or delete of a partition that has no identity.
        var names = naming.Select(field => relation.Columns[field].Name).ToArray();
        var lacking = leaves.FirstOrDefault(leaf => leaf.HasIdentity && !leaf.Covers(names, isKeyless))?.Sql;
        var inKeys = leaves.SelectMany(leaf => leaf.KeyCandidates).ToHashSet(StringComparer.Ordinal);
        var notNull = definition.Columns.Where(column => !column.IsNullable).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        return new OldRows(
            definition.Id, isKeyless, naming, (Fields(relation, name => !inKeys.Contains(name)), Fields(relation, notNull.Contains)), lacking,
            leaves.All(leaf => leaf.Identity == 'f' || !leaf.HasIdentity), definition.RestoreIdentity(lacking ?? SqlText.Table(definition.Id)));
    }

    private static int[] Fields(Relation relation, Func<string, bool> isWanted) =>
        [.. Enumerable.Range(0, relation.Columns.Count).Where(field => isWanted(relation.Columns[field].Name))];

    /// <summary>What the old row holds.</summary>
    /// <param name="marked">What it is marked as.</param>
    /// <param name="old">The old row.</param>
    /// <exception cref="CdcFlowException">CDCF4065: the identity does not name the row.</exception>
    internal OldTupleKind KindOf(OldTupleKind marked, TupleData old)
    {
        // Without an old row the key is taken to be what it was, which is known only where every identity has it.
        if (partitioned is not { } fields || marked == OldTupleKind.None)
        {
            return lacking is null ? marked : throw Unnamed(lacking);
        }

        // What no identity could carry is there only where all is. A row that has nothing of it tells by the partitions, unless it lacks what is never NULL.
        if (HoldsAny(old, fields.NeverInKeys) || (isFull && !LacksAny(old, fields.NeverNull)))
        {
            return OldTupleKind.Full;
        }

        return isKeyless || LacksAny(old, naming) ? throw Unnamed(lacking ?? table.ToString()) : OldTupleKind.Key;
    }

    private static bool HoldsAny(TupleData old, int[] fields)
    {
        foreach (var field in fields)
        {
            if (!old.IsNull(field))
            {
                return true;
            }
        }

        return false;
    }

    // No column of a key is NULL, so one that is was left out.
    private static bool LacksAny(TupleData old, int[] fields)
    {
        foreach (var field in fields)
        {
            if (old.IsNull(field))
            {
                return true;
            }
        }

        return false;
    }

    private CdcFlowException Unnamed(string relation) => new(
        PostgresSourceErrorCodes.IdentityChanged,
        $"An update or delete of {table} does not say which row it is of: the replica identity of {relation} was altered, and the log carries other columns than the row type's key.",
        $"{restore} What changed meanwhile cannot be told.");
}
