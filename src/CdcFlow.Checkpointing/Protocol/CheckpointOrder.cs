using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Protocol;

/// <summary>The order of checkpoints in one pipeline's life.</summary>
/// <remarks>A newer epoch numbers on from the newest checkpoint it finds, and fences the older ones before; so epochs and numbers grow together,
/// and the epoch settles the order of what a paused instance had prepared under the same number.</remarks>
public static class CheckpointOrder
{
    /// <summary>Newest first.</summary>
    public static IComparer<CheckpointRef> NewestFirst { get; } = Comparer<CheckpointRef>.Create((left, right) => Compare(right, left));

    /// <summary>Whether <paramref name="left"/> was made after <paramref name="right"/>.</summary>
    public static bool IsNewer(CheckpointRef left, CheckpointRef right) => Compare(left, right) > 0;

    private static int Compare(CheckpointRef left, CheckpointRef right) =>
        left.Epoch.CompareTo(right.Epoch) is not 0 and var byEpoch ? byEpoch : left.Id.CompareTo(right.Id);
}
