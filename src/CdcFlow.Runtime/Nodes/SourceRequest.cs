using CdcFlow.Checkpoints;
using CdcFlow.Runtime.Flow;
using CdcFlow.Sources;

namespace CdcFlow.Runtime.Nodes;

/// <summary>What the coordinator asks of a source.</summary>
internal abstract record SourceRequest
{
    /// <summary>Put a barrier on every output and acknowledge.</summary>
    public sealed record Cut(CheckpointMeeting Meeting) : SourceRequest;

    /// <summary>Tell the server what it may forget.</summary>
    public sealed record Confirm(DurableCheckpoint Checkpoint, SourceState State) : SourceRequest
    {
        /// <summary>Completes when the server was told.</summary>
        public TaskCompletionSource Confirmed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Hand over nothing more.</summary>
    public sealed record Stop : SourceRequest;
}
