using CdcFlow.Batches;
using CdcFlow.Rejects;

namespace CdcFlow.Runtime;

/// <summary>What one node has done since the process started, over all attempts, and what waits for it now.</summary>
/// <param name="Id">The node's id; a stage's name for a fused chain; a sink's or its connection's name.</param>
/// <param name="RowsIn">Changes it took; 0 for sources, and for the nodes within a fused chain, which counts as one.</param>
/// <param name="RowsOut">Changes it handed on; 0 for sinks.</param>
/// <param name="QueueLength">Elements that wait for it or that it works on, batches mostly.</param>
/// <param name="Busy">Time it spent on elements, waiting for its consumers included.</param>
/// <param name="BackPressured">The part of it that it waited for its consumers.</param>
public sealed record NodeStatus(string Id, long RowsIn, long RowsOut, int QueueLength, TimeSpan Busy, TimeSpan BackPressured)
{
    /// <summary>What a source's table handed over, by operation; zeros for other nodes.</summary>
    public OperationCounts Read { get; init; }

    /// <summary>Whether it is a sink's connection.</summary>
    public bool IsSinkConnection { get; init; }

    /// <summary>For a sink's connection, how often it failed, so that the pipeline went back to its last checkpoint or ended; 0 for other nodes.</summary>
    public long Failures { get; init; }

    /// <summary>Changes that it, a node of a fused chain by its own id too, set aside (<see cref="OnError.DeadLetter"/>), those that it came upon again after a restart included.</summary>
    public long Rejected { get; init; }

    /// <summary>Changes that it left out (<see cref="OnError.Skip"/>), counted likewise.</summary>
    public long Skipped { get; init; }

    /// <summary>The last of both; null where there was none.</summary>
    public RejectedChange? LastRejected { get; init; }
}
