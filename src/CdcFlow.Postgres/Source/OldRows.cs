using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Snapshot;
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
    private readonly int[] naming;
    private readonly int[]? neverInKeys;
    private readonly string? lacking;
    private readonly bool isFull;
    private readonly string restore;

    private OldRows(TableId table, int[] naming, int[]? neverInKeys, string? lacking, bool isFull, string restore) =>
        (this.table, this.naming, this.neverInKeys, this.lacking, this.isFull, this.restore) = (table, naming, neverInKeys, lacking, isFull, restore);

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
            return new OldRows(definition.Id, naming, null, isCovered ? null : definition.Id.ToString(), isFull, definition.RestoreIdentity(SqlText.Table(definition.Id)));
        }

        var names = naming.Select(field => relation.Columns[field].Name).ToArray();
        var lacking = leaves.FirstOrDefault(leaf => !leaf.Covers(names, isKeyless))?.Sql;
        var inKeys = leaves.SelectMany(leaf => leaf.KeyCandidates).ToHashSet(StringComparer.Ordinal);
        int[] never = [.. Enumerable.Range(0, relation.Columns.Count).Where(field => !inKeys.Contains(relation.Columns[field].Name))];
        return new OldRows(
            definition.Id, naming, never, lacking, leaves.All(leaf => leaf.Identity == 'f'), definition.RestoreIdentity(lacking ?? SqlText.Table(definition.Id)));
    }

    /// <summary>What the old row holds.</summary>
    /// <param name="marked">What it is marked as.</param>
    /// <param name="old">The old row.</param>
    /// <exception cref="CdcFlowException">CDCF4065: the identity does not name the row.</exception>
    internal OldTupleKind KindOf(OldTupleKind marked, TupleData old)
    {
        if (lacking is not null)
        {
            throw Unnamed(lacking);
        }

        if (marked == OldTupleKind.None)
        {
            return marked;
        }

        // What no identity could carry is there only where all is. A row that has nothing of it tells by the partitions alone.
        var kind = neverInKeys is null ? marked : HoldsAny(old, neverInKeys) ? OldTupleKind.Full : neverInKeys.Length == 0 && isFull ? OldTupleKind.Full : OldTupleKind.Key;
        return kind == OldTupleKind.Full || !LacksAny(old, naming) ? kind : isFull ? OldTupleKind.Full : throw Unnamed(table.ToString());
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
        $"{restore} Then read the table anew, because rows changed meanwhile cannot be told: run --resnapshot {table}.");
}
