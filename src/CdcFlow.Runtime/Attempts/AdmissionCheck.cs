using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Configuration;

namespace CdcFlow.Runtime.Attempts;

/// <summary>Tells before a start whether the sinks would be opened, and where it would go on. Pure.</summary>
internal static class AdmissionCheck
{
    private const string Name = "recovery";

    /// <summary>What a start with these facts would do.</summary>
    public static PreflightCheck Judge(RecoveryFacts facts) => Recovery.Admit(facts, own: null) is { } refusal
        ? new PreflightCheck(Name, PreflightStatus.Failed, refusal.Happened, refusal.Code, refusal.Fix)
        : Passed(Recovery.Decide(facts));

    /// <summary>Where a start would go on. While an instance runs, its next commit may move that on.</summary>
    public static PreflightCheck Passed(RecoveryDecision decision) => new(
        Name, PreflightStatus.Passed,
        decision is Restore { Checkpoint.Manifest.Checkpoint: var checkpoint } ? $"A start would go on from checkpoint {checkpoint}." : "A start would begin afresh.");
}
