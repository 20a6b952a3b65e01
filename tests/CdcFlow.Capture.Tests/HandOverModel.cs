using System.Globalization;

namespace CdcFlow.Capture.Tests;

/// <summary>A database whose commits reach the log before they become visible, by a random lag.</summary>
/// <remarks>As on a real server, a transaction keeps its row locks until it is visible, so visibility order per key is log order.</remarks>
internal sealed class ModelDatabase
{
    private readonly List<ModelTransaction> log = [];
    private readonly HashSet<ulong> visible = [];

    internal IReadOnlyList<ModelTransaction> Log => log;

    internal ulong End => (ulong)log.Count;

    internal IEnumerable<ModelTransaction> Invisible => log.Where(transaction => !visible.Contains(transaction.Id));

    internal bool IsLocked(int key) => Invisible.Any(transaction => transaction.Changes.Any(change => change.Key == key || change.IsTruncate));

    internal bool AnyLocked => Invisible.Any();

    internal void Commit(IReadOnlyList<ModelChange> changes) => log.Add(new ModelTransaction(End + 1, changes));

    internal void Show(ModelTransaction transaction) => visible.Add(transaction.Id);

    internal SeenSet Snapshot() => new([.. visible]);

    internal SortedDictionary<int, int> Rows(ISeenTransactions seen)
    {
        var rows = new SortedDictionary<int, int>();
        foreach (var change in log.Where(transaction => seen.Contains(transaction.Id)).SelectMany(transaction => transaction.Changes))
        {
            change.ApplyTo(rows);
        }

        return rows;
    }
}

/// <summary>One committed transaction; its id is also its place in the log.</summary>
internal sealed record ModelTransaction(ulong Id, IReadOnlyList<ModelChange> Changes);

/// <summary>A row written (value), deleted (null), or the whole table emptied.</summary>
internal sealed record ModelChange(int Key, int? Value, bool IsTruncate = false, bool IsRead = false)
{
    internal void ApplyTo(IDictionary<int, int> rows)
    {
        if (IsTruncate)
        {
            rows.Clear();
        }
        else if (Value is { } value)
        {
            rows[Key] = value;
        }
        else
        {
            rows.Remove(Key);
        }
    }
}

internal sealed class SeenSet(HashSet<ulong> transactions) : ISeenTransactions
{
    private readonly HashSet<ulong> transactions = transactions;

    public bool Contains(ulong transaction) => transactions.Contains(transaction);

    public bool Covers(ISeenTransactions other) => transactions.IsSupersetOf(((SeenSet)other).transactions);
}

/// <summary>What the field does instead: takes the log's end before the read for what the snapshot shows.</summary>
internal sealed class BelowLowWatermark(ulong low) : ISeenTransactions
{
    public bool Contains(ulong transaction) => transaction <= low;

    public bool Covers(ISeenTransactions other) => true;
}

internal static class ModelKeys
{
    internal static ChunkKey Key(int value) => new(value.ToString(CultureInfo.InvariantCulture));

    internal static int Value(ChunkKey key) => int.Parse(key.Values[0], CultureInfo.InvariantCulture);
}
