using CdcFlow.Checkpoints;
using CdcFlow.Runtime.Flow;

namespace CdcFlow.Runtime.Checkpoints;

/// <summary>Checkpoints asked for by hand. Outlives attempts: what was asked between two of them is served by the next.</summary>
internal sealed class CheckpointRequests
{
    private readonly Mailbox<TaskCompletionSource<CheckpointRef>> mailbox = new();

    /// <summary>Completes when one is asked for.</summary>
    public Task Filled => mailbox.Filled;

    /// <summary>Asks for a checkpoint.</summary>
    public Task<CheckpointRef> Add()
    {
        var request = new TaskCompletionSource<CheckpointRef>(TaskCreationOptions.RunContinuationsAsynchronously);
        mailbox.Post(request);
        return request.Task;
    }

    /// <summary>Takes all that are waiting: one checkpoint serves them.</summary>
    public List<TaskCompletionSource<CheckpointRef>> TakeAll()
    {
        var taken = new List<TaskCompletionSource<CheckpointRef>>();
        while (mailbox.TryTake(out var request))
        {
            taken.Add(request);
        }

        return taken;
    }
}
