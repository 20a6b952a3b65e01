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
}
