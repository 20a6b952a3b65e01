using System.Threading.Tasks.Dataflow;
using CdcFlow.Batches;
using CdcFlow.Runtime.Counting;

namespace CdcFlow.Runtime.Flow;

/// <summary>A node's one ordered queue: a Dataflow block that calls the node for one element at a time, after alignment.</summary>
/// <remarks>
/// The block never faults and is never completed: a fault would drop what is queued without a word, and completion runs on the default
/// scheduler. Instead the scope is told of a failure, and after that what is queued passes through without being looked at, so that the
/// in-flight count falls to zero.
/// </remarks>
internal sealed class Inbox(NodeCounter counter)
{
    /// <summary>Barriers that may be on one edge at once: one per checkpoint given up in a row, and the current one.</summary>
    public const int BarrierSlots = PipelineOptions.AbortedCheckpointsLimit + 1;

    private readonly List<Edge> inputs = [];
    private readonly Queue<Arrival> held = new();
    private INode? node;
    private AttemptScope? scope;
    private BarrierAligner? aligner;
    private ActionBlock<Arrival>? block;

    /// <summary>Elements that wait or are being processed.</summary>
    public int QueueLength => (block?.InputCount ?? 0) + held.Count;

    /// <summary>Whether the node is inside a call.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Adds an input, before the start.</summary>
    public Edge AddInput(NodeCounter consumer)
    {
        var edge = new Edge(this, inputs.Count, consumer);
        inputs.Add(edge);
        return edge;
    }

    /// <summary>Starts calling the node.</summary>
    public void Start(INode node, AttemptScope scope)
    {
        this.node = node;
        this.scope = scope;
        node.Start(scope);
        aligner = new BarrierAligner(inputs.Count);
        block = new ActionBlock<Arrival>(TakeAsync, new ExecutionDataflowBlockOptions
        {
            MaxDegreeOfParallelism = 1,
            EnsureOrdered = true,
            BoundedCapacity = inputs.Count * (Edge.DataCredits + BarrierSlots),
            TaskScheduler = scope.Scheduler,
        });
    }

    /// <summary>Queues an arrival. It never waits: the edges' credits and the barrier slots add up to the capacity.</summary>
    public async ValueTask AcceptAsync(Arrival arrival)
    {
        scope!.InFlight.Enter();
        if (!await block!.SendAsync(arrival))
        {
            scope.InFlight.Leave();
            throw new InvalidOperationException($"Node '{node!.Id}' refused an element.");
        }
    }

    private async Task TakeAsync(Arrival arrival)
    {
        IsBusy = true;
        try
        {
            if (!scope!.Cancelled.IsCancellationRequested)
            {
                await OfferAsync(arrival, scope.Cancelled);
            }
        }
        catch (OperationCanceledException) when (scope!.Cancelled.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            scope!.Fault(exception, [counter]);
        }
        finally
        {
            IsBusy = false;
            scope!.InFlight.Leave();
        }
    }

    private async ValueTask OfferAsync(Arrival arrival, CancellationToken cancellationToken)
    {
        if (aligner!.Holds(arrival.Edge.Input))
        {
            held.Enqueue(arrival);
        }
        else if (arrival.Element is Barrier barrier)
        {
            await DeliverAsync(arrival.Edge, barrier, cancellationToken);
        }
        else
        {
            var start = counter.Now();
            await node!.ProcessAsync(arrival.Edge.Input, arrival.Element, cancellationToken);
            counter.BusySince(start);
            if (arrival.Element is ChangeBatch && !node.OverlapsBatches)
            {
                counter.BatchSince(start);
            }

            arrival.Edge.Done(arrival.Element);
        }
    }

    private async ValueTask DeliverAsync(Edge edge, Barrier barrier, CancellationToken cancellationToken)
    {
        if (!aligner!.Deliver(edge.Input, barrier.Checkpoint))
        {
            return;
        }

        if (scope!.Barriers is { } gate)
        {
            await gate.PassAsync(node!.Id, barrier.Checkpoint, cancellationToken);
        }

        await node!.CutAsync(barrier, cancellationToken);

        // One pass: whatever must be held again is queued behind, in order. The input that came last had nothing held, so
        // the next barrier cannot become complete within this pass.
        for (var waiting = held.Count; waiting > 0; waiting--)
        {
            await OfferAsync(held.Dequeue(), cancellationToken);
        }
    }
}
