using CdcFlow.Batches;
using CdcFlow.Operators;
using CdcFlow.Runtime.Flow;

namespace CdcFlow.Runtime.Nodes;

/// <summary>Runs an asynchronous operator over each batch in lanes; outputs leave in input order.</summary>
/// <remarks>A truncate is a fence: what stands before it in the batch is done first, and it passes without a call.</remarks>
internal sealed class AsyncNode<TIn, TOut>(string id, IAsyncOperator<TIn, TOut> op, AsyncOptions options, Outlet outlet) : INode
    where TIn : class
    where TOut : class
{
    private readonly int lanes = options.Ordering is Ordering.PerKey or Ordering.Unordered ? options.MaxConcurrency : 1;

    /// <summary>The outputs of each change of the batch, by the change's index: lanes write only their own changes' lists.</summary>
    private readonly List<List<Change<TOut>>> outputs = [];

    public string Id => id;

    public ValueTask CutAsync(Barrier barrier, CancellationToken cancellationToken) => outlet.SendAsync(barrier, cancellationToken);

    public async ValueTask ProcessAsync(int input, StreamElement element, CancellationToken cancellationToken)
    {
        if (element is not ChangeBatch<TIn> batch)
        {
            await outlet.SendAsync(element, cancellationToken);
            return;
        }

        await RunAsync(batch.Memory, cancellationToken);
        if (Collect(batch.Count) is { } collected)
        {
            collected.Lease = batch.Lease?.Retain();
            await outlet.SendAsync(collected, cancellationToken);
        }

        batch.Release();
    }

    private async ValueTask RunAsync(ReadOnlyMemory<Change<TIn>> changes, CancellationToken cancellationToken)
    {
        while (outputs.Count < changes.Length)
        {
            outputs.Add([]);
        }

        for (var from = 0; from < changes.Length;)
        {
            var to = from;
            while (to < changes.Length && changes.Span[to].Operation != Operation.Truncate)
            {
                to++;
            }

            await RunLanesAsync(changes, from, to, cancellationToken);
            if (to < changes.Length)
            {
                outputs[to].Add(Change<TOut>.Truncate(changes.Span[to].Metadata));
            }

            from = to + 1;
        }
    }

    private async ValueTask RunLanesAsync(ReadOnlyMemory<Change<TIn>> changes, int from, int to, CancellationToken cancellationToken)
    {
        if (lanes == 1 || to - from == 1)
        {
            for (var index = from; index < to; index++)
            {
                await InvokeAsync(changes.Span[index], index, cancellationToken);
            }

            return;
        }

        // One lane's failure stops the others at their next change; all have ended before the batch may be released.
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queues = Distribute(changes.Span[from..to], from);
        await Task.WhenAll(queues.Where(queue => queue.Count > 0).Select(queue => RunLaneAsync(queue, changes, failed)));
    }

    private List<int>[] Distribute(ReadOnlySpan<Change<TIn>> changes, int first)
    {
        var queues = new List<int>[lanes];
        for (var lane = 0; lane < lanes; lane++)
        {
            queues[lane] = [];
        }

        for (var index = 0; index < changes.Length; index++)
        {
            var lane = options.Ordering == Ordering.PerKey ? (uint)op.KeyHash(changes[index]) % (uint)lanes : (uint)index % (uint)lanes;
            queues[lane].Add(first + index);
        }

        return queues;
    }

    private async Task RunLaneAsync(List<int> queue, ReadOnlyMemory<Change<TIn>> changes, CancellationTokenSource failed)
    {
        try
        {
            foreach (var index in queue)
            {
                failed.Token.ThrowIfCancellationRequested();
                await InvokeAsync(changes.Span[index], index, failed.Token);
            }
        }
        catch
        {
            failed.Cancel();
            throw;
        }
    }

    private async ValueTask InvokeAsync(Change<TIn> change, int index, CancellationToken cancellationToken)
    {
        try
        {
            await op.InvokeAsync(change, outputs[index], cancellationToken);
        }
        catch (Exception exception) when (exception is not CdcFlowException && !cancellationToken.IsCancellationRequested)
        {
            throw TransformFailure.At(id, change.Metadata.Offset, exception);
        }
    }

    private ChangeBatch<TOut>? Collect(int count)
    {
        ChangeBatch<TOut>? batch = null;
        for (var index = 0; index < count; index++)
        {
            foreach (ref readonly var change in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(outputs[index]))
            {
                (batch ??= new ChangeBatch<TOut>()).Add(change);
            }

            outputs[index].Clear();
        }

        return batch;
    }
}
