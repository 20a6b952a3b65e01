using CdcFlow.Rejects;

namespace CdcFlow.Runtime.Rejection;

/// <summary>Counts what the nodes of one chain reject between two barriers: some are rows to look at, many are a mistake that nobody should find out about weeks
/// later. Thread-safe.</summary>
internal sealed class RejectCount
{
    private readonly Lock gate = new();
    private int count;

    /// <summary>One more.</summary>
    /// <exception cref="CdcFlowException">It is one too many.</exception>
    public void Add(string node, int max, RejectedChange rejected, string pipeline)
    {
        lock (gate)
        {
            count++;
            if (count > max)
            {
                throw new CdcFlowException(
                    ErrorCodes.TooManyRejects,
                    $"'{node}' rejected more than {max} changes within one checkpoint. The last: {rejected.Cause}",
                    $"Fix what they have in common; the pipeline goes on from its last checkpoint. Where so many are meant to be rejected, raise CdcFlow:{pipeline}:Rejects:Max.");
            }
        }
    }

    /// <summary>A barrier passes.</summary>
    public void Clear()
    {
        lock (gate)
        {
            count = 0;
        }
    }
}
