namespace CdcFlow.Postgres.Server;

/// <summary>What the catalogue says of a table and the log does not. Compared from look to look, also over restarts.</summary>
/// <param name="Partitions">The leaves, by OID; empty for a plain table.</param>
/// <param name="Files">The file (<c>relfilenode</c>) of the table or of each leaf, by OID: another one where all rows were written anew, or none is left.</param>
/// <param name="Columns">By number (<c>attnum</c>).</param>
/// <param name="Labels">The labels of its columns' enum types, by OID: a renamed one keeps it.</param>
/// <param name="PrimaryKey">The constraint's OID: one that is dropped and added again has another. 0: none; null: the checkpoint is of before it was kept.</param>
internal sealed record TableFacts(
    IReadOnlyDictionary<uint, PartitionFact> Partitions, IReadOnlyDictionary<uint, uint> Files, IReadOnlyDictionary<short, ColumnFact> Columns,
    IReadOnlyDictionary<uint, string> Labels, uint? PrimaryKey)
{
    /// <summary>Whether another look saw the same.</summary>
    internal bool IsSame(TableFacts other) =>
        AreEqual(Partitions, other.Partitions) && AreEqual(Files, other.Files) && AreEqual(Columns, other.Columns) && AreEqual(Labels, other.Labels)
        && PrimaryKey == other.PrimaryKey;

    private static bool AreEqual<TKey, TValue>(IReadOnlyDictionary<TKey, TValue> left, IReadOnlyDictionary<TKey, TValue> right)
        where TKey : notnull =>
        left.Count == right.Count && left.All(fact => right.TryGetValue(fact.Key, out var other) && EqualityComparer<TValue>.Default.Equals(fact.Value, other));
}

/// <summary>A partition as the catalogue has it.</summary>
/// <param name="Name">As SQL spells it.</param>
/// <param name="Links">What makes it a partition of the root, level by level: the transaction that attached, a slash, and to what; joined by commas. One
/// that is detached and attached again has others. Compared as text: the order of transactions turns around with time.</param>
internal sealed record PartitionFact(string Name, string Links)
{
    /// <summary>The transactions that attached it, and what it lies in.</summary>
    internal IEnumerable<string> AttachedBy => Links.Split(',').Select(link => link[..link.IndexOf('/', StringComparison.Ordinal)]);
}

/// <summary>A column as the catalogue has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="WrittenBy">The transaction that last wrote its definition.</param>
/// <param name="HasOlderValue">Whether earlier rows it was added have its default, which no change of the log says.</param>
internal sealed record ColumnFact(string Name, uint WrittenBy, bool HasOlderValue);
