using CdcFlow.Checkpoints;

namespace CdcFlow.Sources;

/// <summary>A running source: one snapshot and log reader that serves all tables of one connection.</summary>
/// <remarks>Called by one node at a time, except <see cref="Progress"/>, which anyone may read. Disposal stops reading at once.</remarks>
public interface ISourceReader : IAsyncDisposable
{
    /// <summary>The next round; waits until there is one. Null when a bounded run has reached its end.</summary>
    /// <remarks>The runtime keeps one call outstanding; while it waits, <see cref="ConfirmAsync"/> may be called.</remarks>
    ValueTask<SourceRound?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Tells the server what it may forget: everything up to the state of a durable, committed checkpoint.</summary>
    /// <remarks>The proof can only be made by the checkpoint protocol. Calls are monotonic.</remarks>
    ValueTask ConfirmAsync(DurableCheckpoint checkpoint, SourceState state, CancellationToken cancellationToken);

    /// <summary>How far the source is, for progress bars, metrics and health. Cheap; may be slightly stale.</summary>
    SourceProgress Progress { get; }
}
