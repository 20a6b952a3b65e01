using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores.Files;

/// <summary>Whether an epoch's holder must be waited for. Pure.</summary>
internal static class Succession
{
    /// <summary>Whether a successor may take over.</summary>
    /// <param name="record">The newest epoch's record; null when its writer died while writing it.</param>
    /// <param name="lockIsFree">Whether the lock that lives and dies with the holder's process could be taken.</param>
    /// <param name="machine">The successor's machine: a lock says nothing about processes on others.</param>
    /// <param name="now">The time.</param>
    public static bool MayTakeOver(EpochRecord? record, bool lockIsFree, string machine, DateTimeOffset now) =>
        record is null || record.IsReleased || record.ExpiresAt <= now || (lockIsFree && record.Holder.Machine == machine);

    /// <summary>The newest epoch of a store, or null before the first.</summary>
    public static Epoch? Newest(IEnumerable<string> names) =>
        names.Select(StorePaths.ParseEpoch).OfType<Epoch>().Select(epoch => (Epoch?)epoch).Max();
}
