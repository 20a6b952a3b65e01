using CdcFlow.Batches;
using CdcFlow.Runtime.Counting;

namespace CdcFlow.Runtime.Flow;

/// <summary>The bounded way from one node's output to one input of another.</summary>
/// <remarks>
/// Batches and schema changes take a credit, which comes back when the node is done with them. Barriers take none: their slots in
/// the node's queue are reserved, so a barrier never waits for data to move. Else a diamond would stand still: its join holds the fast
/// side back, the fast side blocks the fan-out, and the slow side never gets its barrier.
/// </remarks>
internal sealed class Edge(Inbox target, int input, NodeCounter counter)
{
    /// <summary>Elements that may wait at one input. Few: what bounds memory is the byte budget; this bounds tiny batches.</summary>
    public const int DataCredits = 8;

    private readonly Credits credits = new(DataCredits);

    /// <summary>The input's index at its node.</summary>
    public int Input { get; } = input;

    /// <summary>Puts an element on the edge, waiting for a credit when it is data. One caller at a time: the giving node.</summary>
    public async ValueTask SendAsync(StreamElement element, CancellationToken cancellationToken)
    {
        if (element is not Barrier)
        {
            await credits.TakeAsync(cancellationToken);
        }

        if (element is ChangeBatch batch)
        {
            counter.In(batch.Count);
        }

        await target.AcceptAsync(new Arrival(this, element));
    }

    /// <summary>The node is done with an element.</summary>
    public void Done(StreamElement element)
    {
        if (element is not Barrier)
        {
            credits.Give();
        }
    }
}
