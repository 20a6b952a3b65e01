namespace CdcFlow;

/// <summary>What a source connector can do; stands on its attribute class, and the compiler checks pipelines against it. A pipeline whose source has none does
/// not compile.</summary>
/// <param name="startups">The startup modes it has.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SourceCapabilitiesAttribute(params Startup[] startups) : Attribute
{
    /// <summary>The startup modes it has.</summary>
    public IReadOnlyList<Startup> Startups { get; } = startups;

    /// <summary>The attribute's property that says at which time <see cref="Startup.Timestamp"/> begins, by <c>nameof</c>: whoever asks for that startup must set it.
    /// Null, the default: the source has no such startup.</summary>
    public string? TimestampProperty { get; set; }

    /// <summary>The attribute's property that says at which place of the log <see cref="Startup.SpecificOffset"/> begins, by <c>nameof</c>: whoever asks for that
    /// startup must set it. Null, the default: the source has no such startup.</summary>
    public string? OffsetProperty { get; set; }

    /// <summary>The product of the servers that it reads, as a schema lock names it: the compiler compares row types with the tables that the lock has of
    /// the connection. Null, the default: no schema lock has its tables. <c>PostgreSQL</c> is the only one there is.</summary>
    public string? Product { get; set; }
}
