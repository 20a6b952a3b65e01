using CdcFlow.Checkpoints;

namespace CdcFlow.Sinks;

/// <summary>What a sink remembers of the pipeline that writes to it.</summary>
/// <param name="Store">The checkpoint store of the instance that opened the sink last: the sink's owner. Null where version 0.1 wrote the marker.</param>
/// <param name="Epoch">That instance's epoch.</param>
/// <param name="Checkpoint">The checkpoint that was committed last; null before the first.</param>
public sealed record SinkMarker(StoreId? Store, Epoch Epoch, CheckpointRef? Checkpoint)
{
    /// <summary>Where that instance runs or ran, for people: a clause such as <c>process 12 on alpha</c>; null where the sink does not know.</summary>
    public string? Holder { get; init; }

    /// <summary>When the marker was written, by the sink's clock. For people; null where the sink does not know.</summary>
    public DateTimeOffset? WrittenAt { get; init; }

    /// <summary>The newest checkpoint whose output readers still find although a reset has taken the marker away; null, the default, where there is none. Nothing is restored by it:
    /// later checkpoints have higher numbers, so that output stays in its order.</summary>
    public CheckpointRef? Before { get; init; }

    /// <summary>A sink may be several places, such as folders: a place that it had and that has no trace of it, a clause such as <c>folder '/mnt/audit'</c>; null, the default,
    /// where there is none.</summary>
    public string? Vanished { get; init; }

    /// <summary>What another place of the sink says, where that names another store than this marker does; null, the default, where none does.</summary>
    public SinkMarker? Elsewhere { get; init; }

    /// <summary>The marker, of this or <see cref="Elsewhere"/>, that makes the sink another store's.</summary>
    /// <param name="own">The store that asks; null while it has no id.</param>
    /// <returns>Null where nothing in the sink is another store's.</returns>
    public SinkMarker? ForeignTo(StoreId? own) => Store is { } owner && owner != own ? this : Elsewhere?.ForeignTo(own);

    /// <summary>Whether a store may open the sink: nobody else's marker says that it is another store's, or that one is taken over on purpose.</summary>
    public bool Admits(SinkOpenContext open) => Store is null || Store == open.Store || Store == open.Replaces;
}
