namespace CdcFlow.Testing.Conformance.Sources.Playing;

/// <summary>How a check says what is wrong.</summary>
internal static class Findings
{
    /// <exception cref="ConformanceException">It does not hold.</exception>
    public static void Require(bool holds, Func<string> finding)
    {
        if (!holds)
        {
            throw new ConformanceException(finding());
        }
    }
}
