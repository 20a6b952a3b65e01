using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores.Files;

/// <summary>Whether an epoch's holder must be waited for. Pure.</summary>
internal static class Succession
{
    /// <summary>Judges the holder of the newest epoch.</summary>
    /// <param name="record">The epoch's record; null when it is damaged, or not whole (yet).</param>
    /// <param name="lockIsFree">Whether the lock that lives and dies with the holder's process could be taken.</param>
    /// <param name="machine">The successor's machine: a lock says nothing about processes on others.</param>
    /// <param name="motion">What was seen of the lease. A lock does not outlive it: the holder's process may be paused.</param>
    public static Predecessor Judge(EpochRecord? record, bool lockIsFree, string machine, LeaseMotion motion)
    {
        var isHere = record is null || record.Holder.Machine == machine;
        return record is { IsReleased: true } || motion == LeaseMotion.Still || (isHere && lockIsFree) ? Predecessor.Gone
            : isHere && motion == LeaseMotion.Renewed ? Predecessor.Alive
            : Predecessor.Unknown;
    }

    /// <summary>The newest epoch of a store, or null before the first.</summary>
    public static Epoch? Newest(IEnumerable<string> names) =>
        names.Select(StorePaths.ParseEpoch).OfType<Epoch>().Select(epoch => (Epoch?)epoch).Max();
}

/// <summary>What is known of the instance that holds the newest epoch.</summary>
internal enum Predecessor
{
    /// <summary>It may live on another machine, or be paused: it must be watched.</summary>
    Unknown,

    /// <summary>It lives on this machine.</summary>
    Alive,

    /// <summary>It is dead, has given its lease back, or has let it expire: a successor may take over.</summary>
    Gone,
}
