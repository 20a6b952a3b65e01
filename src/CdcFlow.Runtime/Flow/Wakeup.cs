namespace CdcFlow.Runtime.Flow;

/// <summary>Wakes one waiter: a set that comes before the wait is kept, several of them are one.</summary>
/// <remarks>
/// Thread-safe; one waiter. Everything in the engine that waits, waits by awaiting the source of a task directly, as here. Combinators over
/// such tasks (<see cref="Task.WhenAny(Task[])"/>, <see cref="Task.WaitAsync(CancellationToken)"/>), a semaphore's cancellable wait and a channel's wait
/// taken as a task all pass through the thread pool on the way, and would make a simulated run depend on real threads.
/// </remarks>
internal sealed class Wakeup
{
    private readonly Lock gate = new();
    private bool isSet;
    private TaskCompletionSource? waiter;

    /// <summary>Wakes the waiter, or the next one to come.</summary>
    public void Set()
    {
        lock (gate)
        {
            // A waiter that was cancelled meanwhile leaves the wake-up to the next.
            isSet = waiter is null || !waiter.TrySetResult();
            waiter = null;
        }
    }

    /// <summary>Waits for the next set.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            if (isSet)
            {
                isSet = false;
                return;
            }

            waiting = waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        using (cancellationToken.Register(static (waiting, token) => ((TaskCompletionSource)waiting!).TrySetCanceled(token), waiting))
        {
            await waiting.Task;
        }
    }
}
