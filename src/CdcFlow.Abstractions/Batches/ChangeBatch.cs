using System.Buffers;

namespace CdcFlow.Batches;

/// <summary>A run of changes that travels through the graph as one element. The non-generic view.</summary>
/// <remarks>
/// Filled by one owner, then read-only. <see cref="Retain"/> once for each further consumer; every consumer calls
/// <see cref="Release"/> exactly once when done, and must not touch the batch after that: its array is pooled.
/// </remarks>
public abstract class ChangeBatch : StreamElement
{
    private int holders = 1;

    /// <summary>The number of changes.</summary>
    public int Count { get; private protected set; }

    /// <summary>The bytes reserved for this batch, or null when it is not accounted for (tests).</summary>
    public MemoryLease? Lease { get; set; }

    /// <summary>Counts the changes by operation: one pass over the batch.</summary>
    public abstract OperationCounts CountOperations();

    /// <summary>When the first change of the log in the batch was committed, by its source's clock; null where all are snapshot reads.</summary>
    public abstract DateTimeOffset? FirstCommittedAt { get; }

    /// <summary>Adds a consumer.</summary>
    public void Retain() => Interlocked.Increment(ref holders);

    /// <summary>A consumer is done; after the last one the rows go back to the pool and the bytes to the budget.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref holders) == 0)
        {
            Recycle();
            Lease?.Release();
            Lease = null;
        }
    }

    private protected abstract void Recycle();
}

/// <summary>A run of changes of one row type, in source order.</summary>
/// <typeparam name="T">The row type.</typeparam>
public sealed class ChangeBatch<T> : ChangeBatch
    where T : class
{
    private Change<T>[] changes;

    /// <summary>Makes an empty batch with room for <paramref name="capacity"/> changes; it grows when needed.</summary>
    public ChangeBatch(int capacity = 1024) => changes = ArrayPool<Change<T>>.Shared.Rent(capacity);

    /// <summary>The changes, in order.</summary>
    public ReadOnlySpan<Change<T>> Changes => changes.AsSpan(0, Count);

    /// <summary>The changes as memory, for asynchronous readers. Valid until <see cref="ChangeBatch.Release"/>.</summary>
    public ReadOnlyMemory<Change<T>> Memory => changes.AsMemory(0, Count);

    /// <summary>Appends a change. Only the filling owner may call it.</summary>
    public void Add(in Change<T> change)
    {
        if (Count == changes.Length)
        {
            Grow();
        }

        changes[Count++] = change;
    }

    /// <inheritdoc/>
    public override OperationCounts CountOperations()
    {
        Span<long> counts = stackalloc long[(int)Operation.Truncate + 1];
        foreach (ref readonly var change in Changes)
        {
            counts[(int)change.Operation]++;
        }

        return new OperationCounts(
            counts[(int)Operation.SnapshotRead], counts[(int)Operation.Insert], counts[(int)Operation.Update], counts[(int)Operation.Delete],
            counts[(int)Operation.Truncate]);
    }

    /// <inheritdoc/>
    public override DateTimeOffset? FirstCommittedAt
    {
        get
        {
            foreach (ref readonly var change in Changes)
            {
                if (change.Operation != Operation.SnapshotRead)
                {
                    return change.Metadata.CommittedAt;
                }
            }

            return null;
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<Change<T>>.Shared.Rent(changes.Length * 2);
        changes.AsSpan(0, Count).CopyTo(larger);
        ArrayPool<Change<T>>.Shared.Return(changes, clearArray: true);
        changes = larger;
    }

    private protected override void Recycle()
    {
        // Cleared up to Count only: the pool must not keep rows alive, and the rest was never written.
        changes.AsSpan(0, Count).Clear();
        ArrayPool<Change<T>>.Shared.Return(changes);
        changes = [];
        Count = 0;
    }
}
