using CdcFlow.Checkpoints;

namespace CdcFlow.Configuration;

/// <summary>Something that a pipeline has made at a system besides rows, and by which its next start goes: a replication slot, a marker.</summary>
/// <param name="Title">What it is, for people, as in <c>replication slot 'cdcflow_orders'</c>; unique in its connection. Never a secret.</param>
/// <param name="State">Whether it is there, and may be taken away.</param>
public sealed record PipelineTrace(string Title, TraceState State)
{
    /// <summary>For people: what of it goes, or why it stays and what takes it away; a clause without a full stop, or null.</summary>
    public string? Detail { get; init; }

    /// <summary>Takes it away, durably; no error when it is gone by then. For a trace that is <see cref="TraceState.Present"/>, while its connection
    /// is not disposed.</summary>
    /// <exception cref="CdcFlowException">It cannot be taken away, or has another owner by now.</exception>
    public Func<CancellationToken, ValueTask> RemoveAsync { get; init; } = _ => ValueTask.CompletedTask;
}

/// <summary>What a reset finds of a trace.</summary>
public enum TraceState
{
    /// <summary>It is there, and goes.</summary>
    Present,

    /// <summary>It is not there: it was taken away before, or never made.</summary>
    Gone,

    /// <summary>It is there and stays: the pipeline did not make it, or nobody asked to take it away.</summary>
    Kept,
}

/// <summary>What a reset is about.</summary>
/// <param name="Store">The checkpoint store whose pipeline it is; null where the store has no id. What another store owns is not touched.</param>
/// <param name="Rejects">Whether the rejected changes that the sinks keep are to go too.</param>
public sealed record TraceScope(StoreId? Store, bool Rejects);
