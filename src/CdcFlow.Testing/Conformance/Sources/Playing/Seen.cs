using System.Text.Json;
using CdcFlow.Batches;
using CdcFlow.Sources;

namespace CdcFlow.Testing.Conformance.Sources.Playing;

/// <summary>One thing that came downstream.</summary>
/// <param name="Table">Of which table.</param>
internal abstract record Seen(StandTable Table);

/// <summary>A change, kept after its batch is released.</summary>
/// <param name="Table">Of which table.</param>
/// <param name="Operation">What happened.</param>
/// <param name="Round">The number of the round that it came in.</param>
internal sealed record SeenChange(StandTable Table, Operation Operation, int Round) : Seen(Table)
{
    /// <summary>The row's key; null for a truncate.</summary>
    public object? Key { get; init; }

    /// <summary>The old row's values, where the log had all of them.</summary>
    public object?[]? Before { get; init; }

    public object?[]? After { get; init; }

    public ColumnSet? Missing { get; init; }

    public SourceOffset Offset { get; init; }

    /// <summary>For a finding.</summary>
    public override string ToString() => $"{Operation} of {Table} {Key} at {Offset}";
}

/// <summary>New columns of a table.</summary>
internal sealed record SeenSchema(StandTable Table, SchemaChange Change) : Seen(Table);

/// <summary>The end of a round.</summary>
/// <param name="Count">How much had come by then.</param>
/// <param name="State">The state, as it comes back from a checkpoint.</param>
/// <param name="Source">The state, as the source gave it.</param>
internal sealed record SeenRound(int Count, JsonElement State, SourceState Source);
