namespace CdcFlow;

/// <summary>Makes a partial class a pipeline: its members are the nodes, and the compiler writes the other half.</summary>
/// <param name="name">The pipeline's name, <c>[a-z0-9-]</c>, at most 40 characters. Checkpoints, slots and markers are named after it,
/// so it must never change while state is to survive.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class CdcPipelineAttribute(string name) : Attribute
{
    /// <summary>The pipeline's name.</summary>
    public string Name { get; } = name;

    /// <summary>What the pipeline promises. Default: <see cref="Delivery.ExactlyOnce"/>.</summary>
    public Delivery Delivery { get; set; } = Delivery.ExactlyOnce;
}
