using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Configuration;
using CdcFlow.Runtime.Flow;

namespace CdcFlow.Runtime.Attempts;

/// <summary>Tells before a start whether the sinks would be opened, and where it would go on.</summary>
internal static class AdmissionCheck
{
    private const string Name = "recovery";

    /// <summary>Adds what it finds to what the connectors have said of themselves. Why a marker cannot be read is said once: by its sink where that knows.</summary>
    public static async Task<IReadOnlyList<PreflightReport>> AddToAsync(
        IReadOnlyList<PreflightReport> reports, PipelineDefinition definition, ICheckpointStore store, FlowGraph graph, RecoveryOverride? order, CancellationToken cancellationToken)
    {
        PreflightCheck check;
        try
        {
            var facts = await FirstReading.RunAsync(definition, store, graph, _ => { }, cancellationToken) with { Override = order };
            check = Judge(facts);
        }
        catch (CdcFlowException) when (reports.Any(report => !report.Passed))
        {
            return reports;
        }
        catch (CdcFlowException error)
        {
            check = new PreflightCheck(Name, PreflightStatus.Failed, error.Happened, error.Code, error.Fix);
        }

        return [.. reports, new PreflightReport("sinks and checkpoints", [check])];
    }

    /// <summary>What a start with these facts would do. Pure.</summary>
    public static PreflightCheck Judge(RecoveryFacts facts) => Recovery.Admit(facts, own: null) is { } refusal
        ? new PreflightCheck(Name, PreflightStatus.Failed, refusal.Happened, refusal.Code, refusal.Fix)
        : new PreflightCheck(Name, PreflightStatus.Passed, Sentence(Recovery.Decide(facts)));

    // While an instance runs, its next commit may move on what a start would find.
    private static string Sentence(RecoveryDecision decision) => decision is Restore { Checkpoint.Manifest.Checkpoint: var checkpoint }
        ? $"A start would go on from checkpoint {checkpoint}."
        : "A start would begin afresh.";
}
