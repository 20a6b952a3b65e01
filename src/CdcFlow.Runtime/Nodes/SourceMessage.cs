using CdcFlow.Checkpoints;
using CdcFlow.Runtime.Flow;
using CdcFlow.Sources;

namespace CdcFlow.Runtime.Nodes;

/// <summary>What reaches a source node's loop.</summary>
internal abstract record SourceMessage
{
    /// <summary>The outstanding read has returned.</summary>
    /// <param name="Round">What it gave; null at the end of a bounded source.</param>
    public sealed record RoundRead(SourceRound? Round) : SourceMessage;

    /// <summary>The coordinator wants a barrier on every output, and the state at it.</summary>
    public sealed record Cut(CheckpointMeeting Meeting) : SourceMessage;

    /// <summary>The coordinator wants the server told what it may forget.</summary>
    public sealed record Confirm(DurableCheckpoint Checkpoint, SourceState State) : SourceMessage
    {
        /// <summary>Kept when the server was told.</summary>
        public Promise<bool> Confirmed { get; } = new();
    }

    /// <summary>Nothing more shall be handed over.</summary>
    public sealed record Stop : SourceMessage;
}
