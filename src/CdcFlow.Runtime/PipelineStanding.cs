using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Sinks;
using CdcFlow.Sources;

namespace CdcFlow.Runtime;

/// <summary>How a pipeline stands, as somebody sees it who starts nothing (<see cref="PipelineRunner.StandingAsync"/>).</summary>
/// <param name="Store">Its checkpoint store.</param>
/// <param name="Sources">Its source connections, by name.</param>
/// <param name="Sinks">Its sink connections.</param>
/// <param name="Start">What a start would do: how it would go on, and how the program differs from the newest checkpoint. Empty where that cannot be told.</param>
public sealed record PipelineStanding(
    StoreStanding Store, IReadOnlyDictionary<string, SourceStanding> Sources, IReadOnlyList<SinkStanding> Sinks, IReadOnlyList<PreflightCheck> Start)
{
    /// <summary>Whether everything could be asked.</summary>
    public bool IsWhole => Store.Failure is null && Sources.Values.All(source => source.Failure is null) && Sinks.All(sink => sink.Failure is null);
}

/// <summary>How a checkpoint store stands.</summary>
public sealed record StoreStanding
{
    /// <summary>Its id; null while it has none.</summary>
    public StoreId? Id { get; init; }

    /// <summary>Its lease; null before the first.</summary>
    public LeaseStanding? Lease { get; init; }

    /// <summary>Its checkpoints, the newest first.</summary>
    public IReadOnlyList<StoredCheckpoint> Stored { get; init; } = [];

    /// <summary>Why it cannot be read; null where it can.</summary>
    public CdcFlowException? Failure { get; init; }

    /// <summary>The newest checkpoint that can be read; null where there is none.</summary>
    public ReadableCheckpoint? Newest => Stored.OfType<ReadableCheckpoint>().FirstOrDefault();
}

/// <summary>How a sink connection stands.</summary>
/// <param name="Connection">Its name.</param>
/// <param name="Kind">How it takes part in checkpoints.</param>
public sealed record SinkStanding(string Connection, SinkKind Kind)
{
    /// <summary>Its marker; null where there is none, or it could not be asked.</summary>
    public SinkMarker? Marker { get; init; }

    /// <summary>How the marker stands to the store; null where one of the two is not known.</summary>
    public MarkerStanding? Standing { get; init; }

    /// <summary>How many rejected changes it keeps; null where that cannot be told.</summary>
    public long? Rejects { get; init; }

    /// <summary>Why it could not be asked; null where it could.</summary>
    public CdcFlowException? Failure { get; init; }
}
