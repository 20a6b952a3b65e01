using CdcFlow.Batches;
using CdcFlow.Capture.Budgets;
using CdcFlow.Sources;

namespace CdcFlow.Capture.Rounds;

/// <summary>The round that is being filled.</summary>
/// <remarks>Touched by the log's reader only. Reserving bytes of the budget may block: that is back-pressure.</remarks>
internal sealed class RoundBuilder(MemoryBudget budget, LargeRows large, CancellationToken stopping)
{
    private readonly List<RoundBatch> open = [];
    private List<SourceElement> elements = [];
    private bool isStateCounted;
    private bool holdsLarge;

    /// <summary>Changes in the round so far.</summary>
    internal int Rows { get; private set; }

    /// <summary>Their bytes.</summary>
    internal long Bytes { get; private set; }

    internal bool IsEmpty => Rows == 0 && elements.Count == 0 && !isStateCounted;

    /// <summary>Makes the batch of one output.</summary>
    internal RoundBatch<T> BatchOf<T>(int output)
        where T : class => new(output, this);

    /// <summary>A batch has its first change, and is to be closed with the round.</summary>
    internal void Opens(RoundBatch batch) => open.Add(batch);

    internal void Count(long bytes)
    {
        Rows++;
        Bytes += bytes;
    }

    /// <summary>The state has changed in a way that is worth a round, be it without a row.</summary>
    internal void CountState() => isStateCounted = true;

    /// <summary>Adds a batch of log changes and reserves its bytes.</summary>
    internal void Add(int output, ChangeBatch batch, long bytes)
    {
        // Another output's form of the same row goes with it.
        batch.Lease = holdsLarge ? budget.ReserveBlocking(bytes, stopping) : large.Reserve(bytes);
        holdsLarge = holdsLarge || large.IsLarge(bytes);
        elements.Add(new SourceElement(output, batch));
    }

    /// <summary>Adds a batch of snapshot rows, whose bytes are reserved already.</summary>
    internal void AddRead(int output, ChangeBatch batch)
    {
        Rows += batch.Count;
        elements.Add(new SourceElement(output, batch));
    }

    /// <summary>Adds a control element to one output, after all that is in the round.</summary>
    internal void Add(int output, StreamElement element)
    {
        CloseBatches();
        elements.Add(new SourceElement(output, element));
    }

    /// <summary>Puts later elements of every output after what is in the round.</summary>
    internal void CloseBatches()
    {
        foreach (var batch in open)
        {
            batch.Close();
        }

        open.Clear();
    }

    /// <summary>Ends the round.</summary>
    internal SourceRound Take(SourceState state)
    {
        CloseBatches();
        var round = new SourceRound(elements, state);
        (elements, Rows, Bytes, isStateCounted, holdsLarge) = ([], 0, 0, false, false);
        return round;
    }
}
