namespace CdcFlow.Runtime.Flow;

/// <summary>How many elements may still be put on an edge. One node takes, another gives back.</summary>
/// <remarks>Not a <see cref="SemaphoreSlim"/>: its cancellable wait leaves the injected scheduler.</remarks>
internal sealed class Credits(int count)
{
    private readonly Lock gate = new();
    private int free = count;
    private TaskCompletionSource? taker;

    /// <summary>Takes one, waiting until one is free. One caller at a time.</summary>
    public ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (free > 0)
            {
                free--;
                return ValueTask.CompletedTask;
            }

            taker = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(WaitAsync(taker, cancellationToken));
        }
    }

    /// <summary>Gives one back: to the waiting taker, if there is one.</summary>
    public void Give()
    {
        lock (gate)
        {
            var waiting = taker;
            taker = null;
            if (waiting is null || !waiting.TrySetResult())
            {
                free++;
            }
        }
    }

    private static async Task WaitAsync(TaskCompletionSource granted, CancellationToken cancellationToken)
    {
        using (cancellationToken.Register(() => granted.TrySetCanceled(cancellationToken)))
        {
            await granted.Task;
        }
    }
}
