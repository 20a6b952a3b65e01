namespace CdcFlow;

/// <summary>What a pipeline promises its readers.</summary>
public enum Delivery
{
    /// <summary>Every change takes effect exactly once, through a crash at any step. Sinks that cannot give it are a build error.</summary>
    ExactlyOnce,

    /// <summary>Every change reaches every sink; after a crash some arrive twice.</summary>
    AtLeastOnce,
}
