namespace CdcFlow.Simulation.Tests.Stand;

/// <summary>How a run ended.</summary>
/// <param name="Violation">What was wrong; null when nothing was.</param>
/// <param name="Lives">The steps of each life, and how many of them passed until its sources began to read (0: they never did).</param>
/// <param name="TraceHash">Equal for equal runs.</param>
/// <param name="DiedBefore">The step before which each life died, or <see cref="Ended"/>.</param>
internal sealed record SimulationOutcome(
    string? Violation, IReadOnlyList<(long Steps, long Started)> Lives, ulong TraceHash, IReadOnlyList<string> DiedBefore)
{
    /// <summary>A life that ended by itself.</summary>
    public const string Ended = "it had ended";
}
