using CdcFlow.Batches;
using CdcFlow.Runtime.Counting;

namespace CdcFlow.Runtime.Flow;

/// <summary>One output of a node: hands every element to every consumer and waits for each of them.</summary>
/// <param name="counter">Counts what the node hands over.</param>
/// <param name="endsSchemas">Whether its rows are of another type than the node's input, so that the columns of the source's table say nothing about them.</param>
internal sealed class Outlet(NodeCounter counter, bool endsSchemas = false)
{
    private readonly List<Edge> edges = [];

    /// <summary>Adds a consumer, which counts what comes in.</summary>
    public void ConnectTo(Inbox inbox, NodeCounter consumer) => edges.Add(inbox.AddInput(consumer));

    /// <summary>A source counts what it hands over by operation.</summary>
    public void CountRead(ChangeBatch batch) => counter.Read(batch.CountOperations());

    /// <summary>Hands an element over; the caller gives up its hold on a batch.</summary>
    public async ValueTask SendAsync(StreamElement element, CancellationToken cancellationToken)
    {
        if (endsSchemas && element is SchemaChange)
        {
            return;
        }

        if (element is ChangeBatch batch)
        {
            counter.Out(batch.Count);
            Share(batch);
        }

        var start = counter.Now();
        foreach (var edge in edges)
        {
            await edge.SendAsync(element, cancellationToken);
        }

        counter.BackPressuredSince(start);
    }

    private void Share(ChangeBatch batch)
    {
        if (edges.Count == 0)
        {
            batch.Release();
        }

        for (var further = 1; further < edges.Count; further++)
        {
            batch.Retain();
        }
    }
}
