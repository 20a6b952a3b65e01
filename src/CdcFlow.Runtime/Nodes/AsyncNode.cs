using System.Collections.Concurrent;
using CdcFlow.Batches;
using CdcFlow.Operators;
using CdcFlow.Runtime.Counting;
using CdcFlow.Runtime.Flow;
using CdcFlow.Runtime.Rejection;

namespace CdcFlow.Runtime.Nodes;

/// <summary>Runs an asynchronous operator in lanes, over several batches at once; each output keeps the order of the input.</summary>
/// <remarks>
/// A lane works on one change at a time, in order, across batches: a key has one lane. So small batches are as concurrent as large ones.
/// A truncate and everything that is not a batch is a fence: what stands before it is done first.
/// </remarks>
internal sealed class AsyncNode<TIn, TOut> : INode
    where TIn : class
    where TOut : class
{
    private readonly IAsyncOperator<TIn, TOut> op;
    private readonly Outlet[] outlets;
    private readonly NodeCounter counter;
    private readonly NodeRules rules;
    private readonly RejectCount rejects = new();
    private readonly bool isPerKey;

    /// <summary>The end of each lane's work so far. Never fails: a failed change is the attempt's fault.</summary>
    private readonly Task[] lanes;

    /// <summary>Batches that may be on their way: enough for every lane to have a change even when batches hold only one.</summary>
    private readonly Credits window;
    private readonly ConcurrentQueue<AsyncFlight<TIn, TOut>> free = new();

    /// <summary>What is being handed over, by output. Touched only by the hand-over whose turn it is.</summary>
    private readonly ChangeBatch<TOut>?[] outputs;
    private AttemptScope? scope;

    /// <summary>The hand-over of the last batch so far; each waits for the one before.</summary>
    private Task handedOver = Task.CompletedTask;

    public AsyncNode(string id, IAsyncOperator<TIn, TOut> op, AsyncOptions options, Outlet[] outlets, NodeCounter counter, NodeRules rules)
    {
        Id = id;
        this.counter = counter;
        this.op = op;
        this.rules = rules;
        this.outlets = outlets;
        outputs = new ChangeBatch<TOut>?[outlets.Length];
        isPerKey = options.Ordering == Ordering.PerKey;
        var isConcurrent = options.Ordering is Ordering.PerKey or Ordering.Unordered;
        lanes = new Task[isConcurrent ? options.MaxConcurrency : 1];
        Array.Fill(lanes, Task.CompletedTask);
        window = new Credits(lanes.Length + 1);
    }

    public string Id { get; }

    public bool OverlapsBatches => true;

    public void Start(AttemptScope scope) => this.scope = scope;

    public async ValueTask CutAsync(Barrier barrier, CancellationToken cancellationToken)
    {
        await handedOver;
        rejects.Clear();
        await ForwardAsync(barrier, cancellationToken);
    }

    public async ValueTask ProcessAsync(int input, StreamElement element, CancellationToken cancellationToken)
    {
        if (element is not ChangeBatch<TIn> batch)
        {
            await handedOver;
            await ForwardAsync(element, cancellationToken);
            return;
        }

        await window.TakeAsync(cancellationToken);
        if (!free.TryDequeue(out var flight))
        {
            flight = new AsyncFlight<TIn, TOut>();
        }

        flight.Begin(batch, counter.Now());
        scope!.InFlight.Enter();
        try
        {
            await DispatchAsync(flight, cancellationToken);
        }
        finally
        {
            // Also when not every change has found its lane: somebody must wait for those that have.
            handedOver = HandOverAsync(handedOver, flight);
        }
    }

    /// <summary>Gives every change to its lane, in order.</summary>
    private async ValueTask DispatchAsync(AsyncFlight<TIn, TOut> flight, CancellationToken cancellationToken)
    {
        var work = new List<int>?[lanes.Length];
        for (var index = 0; index < flight.Batch.Count; index++)
        {
            if (flight.Batch.Changes[index].Operation == Operation.Truncate)
            {
                Launch(flight, work, cancellationToken);
                await Task.WhenAll(lanes);
                Truncate(flight, index);
            }
            else
            {
                (work[LaneOf(flight.Batch.Changes[index], index)] ??= []).Add(index);
            }
        }

        Launch(flight, work, cancellationToken);
    }

    private void Truncate(AsyncFlight<TIn, TOut> flight, int index)
    {
        for (var output = 0; output < outlets.Length; output++)
        {
            flight.CollectorOf(index).Add(output, Change<TOut>.Truncate(flight.Batch.Changes[index].Metadata));
        }
    }

    private uint LaneOf(in Change<TIn> change, int index) => (isPerKey ? (uint)op.KeyHash(change) : (uint)index) % (uint)lanes.Length;

    private void Launch(AsyncFlight<TIn, TOut> flight, List<int>?[] work, CancellationToken cancellationToken)
    {
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            if (work[lane] is { } indexes)
            {
                lanes[lane] = RunAsync(lanes[lane], flight, indexes, cancellationToken);
                flight.Lanes.Add(lanes[lane]);
                work[lane] = null;
            }
        }
    }

    private async Task RunAsync(Task earlier, AsyncFlight<TIn, TOut> flight, List<int> indexes, CancellationToken cancellationToken)
    {
        await earlier;
        foreach (var index in indexes)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            await InvokeAsync(flight, index, cancellationToken);
        }
    }

    /// <summary>A failure that ends the attempt is told at once, so that no lane begins another change.</summary>
    private async ValueTask InvokeAsync(AsyncFlight<TIn, TOut> flight, int index, CancellationToken cancellationToken)
    {
        try
        {
            await op.InvokeAsync(flight.Batch.Memory.Span[index], flight.CollectorOf(index), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            Reject(flight, index, exception);
        }
    }

    private void Reject(AsyncFlight<TIn, TOut> flight, int index, Exception error)
    {
        try
        {
            var rejected = rules.Judge(Id, flight.Batch.Memory.Span[index], error, rejects);
            flight.CollectorOf(index).Clear();
            flight.Reject(index, rejected);
        }
        catch (CdcFlowException stopping)
        {
            scope!.Fault(stopping);
        }
    }

    private async Task HandOverAsync(Task earlier, AsyncFlight<TIn, TOut> flight)
    {
        await earlier;
        await Task.WhenAll(flight.Lanes);
        await scope!.RunAsync(async cancelled =>
        {
            cancelled.ThrowIfCancellationRequested();
            var begunAt = flight.BegunAt;
            var rejected = flight.End(outputs);
            free.Enqueue(flight);
            window.Give();
            await SendAsync(cancelled);
            foreach (var change in rejected)
            {
                await ForwardAsync(change, cancelled);
            }

            counter.BatchSince(begunAt);
        });
        scope.InFlight.Leave();
    }

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        for (var output = 0; output < outlets.Length; output++)
        {
            if (outputs[output] is { } batch)
            {
                outputs[output] = null;
                await outlets[output].SendAsync(batch, cancellationToken);
            }
        }
    }

    private async ValueTask ForwardAsync(StreamElement element, CancellationToken cancellationToken)
    {
        foreach (var outlet in outlets)
        {
            await outlet.SendAsync(element, cancellationToken);
        }
    }
}
