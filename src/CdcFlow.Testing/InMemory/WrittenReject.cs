using CdcFlow.Rejects;

namespace CdcFlow.Testing;

/// <summary>A rejected change as an in-memory sink keeps it.</summary>
/// <param name="Sink">The sink that lacks it.</param>
/// <param name="Change">The change.</param>
internal sealed record WrittenReject(string Sink, RejectedChange Change)
{
    /// <summary>What a replay has in common with the first time.</summary>
    public (string Sink, string Node, string Source, TableId Table, SourceOffset Offset, string? Key) Identity =>
        (Sink, Change.Node, Change.Metadata.Source, Change.Metadata.Table, Change.Metadata.Offset, Change.Key);
}
