using System.Diagnostics.CodeAnalysis;
using CdcFlow.Runtime.Counting;

namespace CdcFlow.Runtime.Flow;

/// <summary>What all parts of one attempt share: where they run, what is in flight, and the one fault that ends it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without timer or wait handle holds nothing; late callers may still ask for its token.")]
internal sealed class AttemptScope
{
    private readonly CancellationTokenSource cancellation = new();
    private readonly Lock gate = new();

    /// <summary>Makes the scope of an attempt.</summary>
    /// <param name="scheduler">Where it runs.</param>
    /// <param name="barriers">What lets barriers pass; null for all of them.</param>
    public AttemptScope(TaskScheduler scheduler, IBarrierGate? barriers)
    {
        Scheduler = scheduler;
        Barriers = barriers;
        Cancelled = cancellation.Token;
    }

    /// <summary>Where every node runs.</summary>
    public TaskScheduler Scheduler { get; }

    /// <summary>What lets barriers pass; null for all of them.</summary>
    public IBarrierGate? Barriers { get; }

    /// <summary>What is on its way.</summary>
    public InFlight InFlight { get; } = new();

    /// <summary>Cancelled by the first fault and at the end of the attempt.</summary>
    public CancellationToken Cancelled { get; }

    /// <summary>The first fault, or null.</summary>
    public Exception? FirstFault { get; private set; }

    /// <summary>A part failed: the first one to do so cancels everything. What fails after that is its consequence.</summary>
    /// <returns>Whether it was the first.</returns>
    public bool Fault(Exception exception)
    {
        lock (gate)
        {
            if (cancellation.IsCancellationRequested || FirstFault is not null)
            {
                return false;
            }

            FirstFault = exception;
        }

        cancellation.Cancel();
        return true;
    }

    /// <summary>Calls into sinks failed, or did not end: the attempt's fault, and theirs unless it has failed before.</summary>
    public void Fault(Exception exception, IEnumerable<NodeCounter> sinks)
    {
        if (Fault(exception))
        {
            foreach (var sink in sinks)
            {
                sink.Failed();
            }
        }
    }

    /// <summary>Ends the attempt.</summary>
    public void Cancel() => cancellation.Cancel();

    /// <summary>Starts a part that runs beside the others; its failure is the attempt's.</summary>
    public Task Start(Func<CancellationToken, Task> part) =>
        Task.Factory.StartNew(() => RunAsync(part), CancellationToken.None, TaskCreationOptions.DenyChildAttach, Scheduler).Unwrap();

    /// <summary>Runs a part; its failure is the attempt's. Never throws.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> part)
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
