using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores;

/// <summary>A lease as somebody sees it who does not ask for it.</summary>
/// <param name="Epoch">The newest epoch that was taken.</param>
/// <param name="Holder">Who took it; null where that cannot be read.</param>
/// <param name="Hold">Whether it is held.</param>
public sealed record LeaseStanding(Epoch Epoch, LeaseHolder? Holder, LeaseHold Hold)
{
    /// <summary>When the lease ends unless it is renewed, by the holder's clock. For people; null where that is not known.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Whether a lease is held, as one look tells.</summary>
public enum LeaseHold
{
    /// <summary>It was given back, or its holder's process is dead.</summary>
    Free,

    /// <summary>A living process of this machine holds it.</summary>
    Held,

    /// <summary>A process of another machine took it and has not given it back: whether that lives, only watching tells.</summary>
    Elsewhere,
}
