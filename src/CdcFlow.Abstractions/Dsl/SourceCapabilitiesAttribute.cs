namespace CdcFlow;

/// <summary>What a source connector can do; stands on its attribute class, and the compiler checks pipelines against it.</summary>
/// <param name="startups">The startup modes it has.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SourceCapabilitiesAttribute(params Startup[] startups) : Attribute
{
    /// <summary>The startup modes it has.</summary>
    public IReadOnlyList<Startup> Startups { get; } = startups;
}
