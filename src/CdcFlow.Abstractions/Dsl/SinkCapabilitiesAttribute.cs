using CdcFlow.Sinks;

namespace CdcFlow;

/// <summary>What a sink connector can do; stands on its attribute class, and the compiler checks pipelines against it.</summary>
/// <param name="kind">How it takes part in checkpoints; decides which <see cref="Delivery"/> it can give.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SinkCapabilitiesAttribute(SinkKind kind) : Attribute
{
    /// <summary>How it takes part in checkpoints.</summary>
    public SinkKind Kind { get; } = kind;

    /// <summary>Whether rows need a <c>[Key]</c>.</summary>
    public bool NeedsKey { get; set; }

    /// <summary>For a sink that <see cref="NeedsKey"/>: the value of an enum property of its attribute with which it needs none, such as the mode that only appends.</summary>
    public object? KeylessWith { get; set; }

    /// <summary>Whether a decimal column needs a precision, as in <c>[Column(TypeName = "numeric(12,2)")]</c>.</summary>
    public bool NeedsDecimalPrecision { get; set; }

    /// <summary>Whether readers see uncommitted rows unless they ask for committed ones only (Kafka: <c>isolation.level</c>).</summary>
    public bool NeedsReadCommitted { get; set; }

    /// <summary>Whether a transaction that a dead instance left open stays open at the server and holds readers back until its timeout.
    /// Its connection is an <see cref="IOrphanedTransactions"/> then, and the pipeline's program has a verb that ends them.</summary>
    public bool LeavesTransactions { get; set; }
}
