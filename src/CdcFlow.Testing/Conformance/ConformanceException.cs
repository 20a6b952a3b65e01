namespace CdcFlow.Testing.Conformance;

/// <summary>A connector broke its contract; the message says which part.</summary>
public sealed class ConformanceException : Exception
{
    /// <summary>Makes the finding.</summary>
    public ConformanceException(string finding)
        : base(finding)
    {
    }

    /// <summary>Makes the finding, with what the connector threw.</summary>
    public ConformanceException(string finding, Exception innerException)
        : base(finding, innerException)
    {
    }
}
