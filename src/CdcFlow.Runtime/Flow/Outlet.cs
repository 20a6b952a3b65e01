using CdcFlow.Batches;

namespace CdcFlow.Runtime.Flow;

/// <summary>One output of a node: hands every element to every consumer and waits for each of them.</summary>
internal sealed class Outlet
{
    private readonly List<Edge> edges = [];

    /// <summary>Changes handed over.</summary>
    public long Rows { get; private set; }

    /// <summary>Whether anyone takes this output.</summary>
    public bool HasConsumers => edges.Count > 0;

    /// <summary>Adds a consumer.</summary>
    public void ConnectTo(Inbox inbox) => edges.Add(inbox.AddInput());

    /// <summary>Hands an element over; the caller gives up its hold on a batch.</summary>
    public ValueTask SendAsync(StreamElement element, CancellationToken cancellationToken)
    {
        if (element is ChangeBatch batch)
        {
            Rows += batch.Count;
            Share(batch);
        }

        return edges.Count == 1 ? edges[0].SendAsync(element, cancellationToken) : SendToAllAsync(element, cancellationToken);
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

    private async ValueTask SendToAllAsync(StreamElement element, CancellationToken cancellationToken)
    {
        foreach (var edge in edges)
        {
            await edge.SendAsync(element, cancellationToken);
        }
    }
}
