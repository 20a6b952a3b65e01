using System.Runtime.InteropServices;
using CdcFlow.Batches;

namespace CdcFlow.Runtime.Nodes;

/// <summary>A batch on its way through an asynchronous node, and what each of its changes has become so far.</summary>
/// <remarks>Used again for a later batch: the lists stay.</remarks>
internal sealed class AsyncFlight<TIn, TOut>
    where TIn : class
    where TOut : class
{
    /// <summary>By the change's index. Lanes write only the lists of their own changes.</summary>
    private readonly List<List<Change<TOut>>> outputs = [];

    /// <summary>The lanes that work on it.</summary>
    public List<Task> Lanes { get; } = [];

    /// <summary>The batch.</summary>
    public ChangeBatch<TIn> Batch { get; private set; } = null!;

    /// <summary>Takes a batch on board.</summary>
    public void Begin(ChangeBatch<TIn> batch)
    {
        Batch = batch;
        while (outputs.Count < batch.Count)
        {
            outputs.Add([]);
        }
    }

    /// <summary>What the change of that index becomes.</summary>
    public List<Change<TOut>> OutputOf(int index) => outputs[index];

    /// <summary>All outputs in the order of their inputs; null when there is none. The flight is then free.</summary>
    public ChangeBatch<TOut>? End()
    {
        ChangeBatch<TOut>? collected = null;
        for (var index = 0; index < Batch.Count; index++)
        {
            foreach (ref readonly var change in CollectionsMarshal.AsSpan(outputs[index]))
            {
                (collected ??= new ChangeBatch<TOut>()).Add(change);
            }

            outputs[index].Clear();
        }

        // The input's bytes count until everything made out of them is done.
        if (collected is not null)
        {
            collected.Lease = Batch.Lease?.Retain();
        }

        Batch.Release();
        Lanes.Clear();
        return collected;
    }
}
