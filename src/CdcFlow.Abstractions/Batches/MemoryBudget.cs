namespace CdcFlow.Batches;

/// <summary>A source's budget of bytes for everything of it that waits: queues, chunk buffers, transaction buffers.</summary>
/// <remarks>
/// Thread-safe. Requests are granted in the order they were made. A request larger than the whole budget is granted when
/// nothing else is reserved, so that one huge row slows the pipeline instead of stopping it for ever.
/// </remarks>
/// <param name="limitBytes">The budget, in bytes; at least 1.</param>
public sealed class MemoryBudget(long limitBytes)
{
    private readonly Lock gate = new();
    private readonly Queue<(long Bytes, TaskCompletionSource Granted)> waiting = new();
    private long used;

    /// <summary>The budget, in bytes.</summary>
    public long LimitBytes { get; } = limitBytes > 0 ? limitBytes : throw new ArgumentOutOfRangeException(nameof(limitBytes));

    /// <summary>Bytes reserved now.</summary>
    public long UsedBytes
    {
        get
        {
            lock (gate)
            {
                return used;
            }
        }
    }

    /// <summary>Reserves <paramref name="bytes"/>, waiting until they are free.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting; nothing is reserved.</exception>
    public async ValueTask<MemoryLease> ReserveAsync(long bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource granted;
        lock (gate)
        {
            if (waiting.Count == 0 && Fits(bytes))
            {
                used += bytes;
                return new MemoryLease(this, bytes);
            }

            granted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue((bytes, granted));
        }

        using (cancellationToken.Register(() => granted.TrySetCanceled(cancellationToken)))
        {
            await granted.Task;
        }

        return new MemoryLease(this, bytes);
    }

    /// <summary>Reserves <paramref name="bytes"/> if they are free now and nobody waits.</summary>
    public bool TryReserve(long bytes, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MemoryLease? lease)
    {
        lock (gate)
        {
            var free = waiting.Count == 0 && Fits(bytes);
            used += free ? bytes : 0;
            lease = free ? new MemoryLease(this, bytes) : null;
            return free;
        }
    }

    internal void Return(long bytes)
    {
        lock (gate)
        {
            used -= bytes;
            while (waiting.TryPeek(out var next) && (next.Granted.Task.IsCompleted || Fits(next.Bytes)))
            {
                waiting.Dequeue();

                // Reserved before granting; a waiter that was cancelled meanwhile gives its bytes back here.
                used += next.Granted.TrySetResult() ? next.Bytes : 0;
            }
        }
    }

    private bool Fits(long bytes) => used == 0 || used + bytes <= LimitBytes;
}
