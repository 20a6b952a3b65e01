namespace CdcFlow.Runtime.Flow;

/// <summary>How many elements may still be put on an edge. One node takes, another gives back.</summary>
internal sealed class Credits(int count)
{
    private readonly Wakeup given = new();
    private int free = count;

    /// <summary>Takes one, waiting until one is free. One caller at a time.</summary>
    public async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        while (Interlocked.Decrement(ref free) < 0)
        {
            Interlocked.Increment(ref free);
            await given.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Gives one back.</summary>
    public void Give()
    {
        Interlocked.Increment(ref free);
        given.Set();
    }
}
