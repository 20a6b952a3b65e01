using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Configuration;
using CdcFlow.Runtime.Flow;

namespace CdcFlow.Runtime.Attempts;

/// <summary>Tells before a start whether the sinks would be opened, and where it would go on.</summary>
internal static class AdmissionCheck
{
    private const string Name = "recovery";

    public static async Task<PreflightReport> RunAsync(
        PipelineDefinition definition, ICheckpointStore store, FlowGraph graph, RecoveryOverride? order, CancellationToken cancellationToken) =>
        new("sinks and checkpoints", [await CheckAsync(definition, store, graph, order, cancellationToken)]);

    private static async Task<PreflightCheck> CheckAsync(
        PipelineDefinition definition, ICheckpointStore store, FlowGraph graph, RecoveryOverride? order, CancellationToken cancellationToken)
    {
        try
        {
            var facts = await FirstReading.RunAsync(definition, store, graph, _ => { }, cancellationToken) with { Override = order };
            return Recovery.Admit(facts, own: null) is { } refusal
                ? new PreflightCheck(Name, PreflightStatus.Failed, refusal.Happened, refusal.Code, refusal.Fix)
                : new PreflightCheck(Name, PreflightStatus.Passed, Sentence(Recovery.Decide(facts)));
        }
        catch (CdcFlowException error)
        {
            return new PreflightCheck(Name, PreflightStatus.Failed, error.Happened, error.Code, error.Fix);
        }
    }

    // While an instance runs, its next commit may move on what a start would find.
    private static string Sentence(RecoveryDecision decision) => decision is Restore { Checkpoint.Manifest.Checkpoint: var checkpoint }
        ? $"A start would go on from checkpoint {checkpoint}."
        : "A start would begin afresh.";
}
