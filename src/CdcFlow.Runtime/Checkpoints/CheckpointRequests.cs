using CdcFlow.Checkpoints;

namespace CdcFlow.Runtime.Checkpoints;

/// <summary>Checkpoints asked for by hand. Outlives attempts: what was asked between two of them is served by the next.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class CheckpointRequests
{
    private readonly Lock gate = new();
    private List<TaskCompletionSource<CheckpointRef>> waiting = [];
    private Action? onAdded;

    /// <summary>Whether any waits.</summary>
    public bool Any
    {
        get
        {
            lock (gate)
            {
                return waiting.Count > 0;
            }
        }
    }

    /// <summary>Who is told of new ones: the coordinator of the running attempt.</summary>
    public void Tell(Action coordinator)
    {
        lock (gate)
        {
            onAdded = coordinator;
        }
    }

    /// <summary>Asks for a checkpoint.</summary>
    public Task<CheckpointRef> Add()
    {
        var request = new TaskCompletionSource<CheckpointRef>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            waiting.Add(request);
            onAdded?.Invoke();
        }

        return request.Task;
    }

    /// <summary>Takes all that are waiting: one checkpoint serves them.</summary>
    public List<TaskCompletionSource<CheckpointRef>> TakeAll()
    {
        lock (gate)
        {
            var taken = waiting;
            waiting = [];
            return taken;
        }
    }
}
