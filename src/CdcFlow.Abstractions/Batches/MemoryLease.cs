namespace CdcFlow.Batches;

/// <summary>Bytes reserved in a <see cref="MemoryBudget"/>, shared by everything made out of them; returned by the last holder.</summary>
/// <remarks>Thread-safe. Starts with one holder. Batches derived from a batch hold its lease, so that the bytes count
/// until the last of them is done.</remarks>
public sealed class MemoryLease
{
    private readonly MemoryBudget budget;
    private int holders = 1;

    internal MemoryLease(MemoryBudget budget, long bytes)
    {
        this.budget = budget;
        Bytes = bytes;
    }

    /// <summary>The bytes reserved.</summary>
    public long Bytes { get; }

    /// <summary>Adds a holder.</summary>
    public MemoryLease Retain()
    {
        Interlocked.Increment(ref holders);
        return this;
    }

    /// <summary>Takes a holder away; the last one returns the bytes.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref holders) == 0)
        {
            budget.Return(Bytes);
        }
    }
}
