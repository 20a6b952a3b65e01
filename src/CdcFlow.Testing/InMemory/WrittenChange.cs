using CdcFlow.Checkpoints;

namespace CdcFlow.Testing;

/// <summary>A change as an in-memory sink got it, and what identifies it over replays.</summary>
/// <param name="Sink">The sink's name.</param>
/// <param name="Operation">What happened.</param>
/// <param name="Source">The source's connection.</param>
/// <param name="Table">The source's table.</param>
/// <param name="Offset">Its place in the source's log.</param>
/// <param name="Key">The row's key; null for a truncate or a keyless row.</param>
/// <param name="After">The new row; null where there is none.</param>
/// <param name="Change">The boxed change.</param>
/// <param name="Epoch">The instance that wrote it.</param>
/// <param name="Write">The number of the call that brought it, over the whole life of the server.</param>
internal sealed record WrittenChange(
    string Sink, Operation Operation, string Source, TableId Table, SourceOffset Offset, object? Key, object? After, object Change,
    Epoch Epoch, long Write)
{
    /// <summary>What a replay has in common with the first time. A truncate and a read of the same place are different changes.</summary>
    public (string Sink, string Source, TableId Table, SourceOffset Offset, object? Key, Operation Operation) Identity =>
        (Sink, Source, Table, Offset, Key, Operation);

    public override string ToString() => $"{Operation} {Key} at {Source} {Offset} by epoch {Epoch}";
}
