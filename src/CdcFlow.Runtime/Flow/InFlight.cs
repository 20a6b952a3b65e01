namespace CdcFlow.Runtime.Flow;

/// <summary>Counts what is on its way: elements in queues and in nodes, rounds, requests. At zero nothing moves until something new comes in.</summary>
/// <remarks>Thread-safe. An element that an aligner holds is not counted; the barrier that it waits for is.</remarks>
internal sealed class InFlight
{
    private readonly Lock gate = new();
    private TaskCompletionSource? idle;
    private int count;

    /// <summary>Something is on its way.</summary>
    public void Enter()
    {
        lock (gate)
        {
            count++;
        }
    }

    /// <summary>It has arrived. Call only after what it set in motion has entered.</summary>
    public void Leave()
    {
        lock (gate)
        {
            if (--count == 0)
            {
                idle?.TrySetResult();
                idle = null;
            }
        }
    }

    /// <summary>Waits until nothing is on its way.</summary>
    public Task WhenIdleAsync()
    {
        lock (gate)
        {
            return count == 0
                ? Task.CompletedTask
                : (idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
