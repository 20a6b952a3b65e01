using System.Diagnostics.CodeAnalysis;

namespace CdcFlow.Runtime.Flow;

/// <summary>Requests to a loop that also waits for something else.</summary>
/// <remarks>Thread-safe; one reader. Not a channel: its wait, taken as a task, completes outside the injected scheduler.
/// Bounded by its users: the coordinator has one request per source under way.</remarks>
internal sealed class Mailbox<TRequest>
{
    private readonly Lock gate = new();
    private readonly Queue<TRequest> requests = new();
    private TaskCompletionSource filled = New();

    /// <summary>Completes when there is a request.</summary>
    public Task Filled
    {
        get
        {
            lock (gate)
            {
                return filled.Task;
            }
        }
    }

    /// <summary>Adds a request.</summary>
    public void Post(TRequest request)
    {
        lock (gate)
        {
            requests.Enqueue(request);
            filled.TrySetResult();
        }
    }

    /// <summary>Takes the oldest request.</summary>
    public bool TryTake([MaybeNullWhen(false)] out TRequest request)
    {
        lock (gate)
        {
            var taken = requests.TryDequeue(out request);
            if (requests.Count == 0 && filled.Task.IsCompleted)
            {
                filled = New();
            }

            return taken;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
