namespace CdcFlow.Runtime.Flow;

/// <summary>What all parts of one attempt share: where they run, what is in flight, and the one fault that ends it.</summary>
/// <param name="scheduler">Where every node runs.</param>
internal sealed class AttemptScope(TaskScheduler scheduler) : IDisposable
{
    private readonly CancellationTokenSource cancellation = new();
    private readonly TaskCompletionSource<Exception> fault = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where every node runs.</summary>
    public TaskScheduler Scheduler { get; } = scheduler;

    /// <summary>What is on its way.</summary>
    public InFlight InFlight { get; } = new();

    /// <summary>Cancelled by the first fault and at the end of the attempt.</summary>
    public CancellationToken Cancelled => cancellation.Token;

    /// <summary>Completes with the first fault; never otherwise.</summary>
    public Task<Exception> Faulted => fault.Task;

    /// <summary>A part failed: the first one to do so cancels everything. What fails after that is its consequence.</summary>
    public void Fault(Exception exception)
    {
        if (!cancellation.IsCancellationRequested && fault.TrySetResult(exception))
        {
            cancellation.Cancel();
        }
    }

    /// <summary>Ends the attempt.</summary>
    public void Cancel() => cancellation.Cancel();

    /// <summary>Starts a part that runs for the whole attempt; its failure is the attempt's.</summary>
    public Task Start(Func<CancellationToken, Task> part) =>
        Task.Factory.StartNew(() => RunAsync(part), CancellationToken.None, TaskCreationOptions.DenyChildAttach, Scheduler).Unwrap();

    /// <inheritdoc/>
    public void Dispose() => cancellation.Dispose();

    private async Task RunAsync(Func<CancellationToken, Task> part)
    {
        try
        {
            await part(Cancelled);
        }
        catch (OperationCanceledException) when (Cancelled.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            Fault(exception);
        }
    }
}
