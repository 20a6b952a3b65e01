namespace CdcFlow.Testing;

/// <summary>The simulated process died here, as by kill -9: nothing it had queued runs any more, and none of its later calls has an effect.</summary>
/// <param name="where">The step before which it died.</param>
public sealed class SimulatedCrashException(string where) : Exception($"The simulated process died before: {where}")
{
    /// <summary>The step before which the process died.</summary>
    public string Where { get; } = where;
}
