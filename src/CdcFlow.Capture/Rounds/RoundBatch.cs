using CdcFlow.Batches;

namespace CdcFlow.Capture.Rounds;

/// <summary>One output's open batch in the round that is being filled.</summary>
/// <remarks>Touched by the log's reader only.</remarks>
internal abstract class RoundBatch
{
    /// <summary>Hands the open batch over to the round, if there is one.</summary>
    internal abstract void Close();
}

/// <inheritdoc/>
internal sealed class RoundBatch<T>(int output, RoundBuilder round) : RoundBatch
    where T : class
{
    private const int BatchRows = 1024;
    private const int BatchBytes = 1 << 20;
    private ChangeBatch<T>? open;
    private long openBytes;

    private bool IsFull => open!.Count >= BatchRows || openBytes >= BatchBytes;

    internal void Add(in Change<T> change, long bytes)
    {
        if (open is null)
        {
            open = new ChangeBatch<T>(BatchRows);
            round.Opens(this);
        }
        else if (change.Metadata.Row == 0 && IsFull)
        {
            // Not within an event: the delete and the insert of a key update stay together.
            Close();
            open = new ChangeBatch<T>(BatchRows);
        }

        open.Add(change);
        openBytes += bytes;
        round.Count(bytes);
    }

    internal override void Close()
    {
        if (open is not null)
        {
            round.Add(output, open, openBytes);
            (open, openBytes) = (null, 0);
        }
    }
}
