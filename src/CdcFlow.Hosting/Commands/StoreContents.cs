using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Configuration;

namespace CdcFlow.Hosting.Commands;

/// <summary>What the checkpoint store holds, as a person wants to know before a start.</summary>
internal static class StoreContents
{
    public static async ValueTask<IReadOnlyList<PreflightCheck>> ReadAsync(HostedPipeline pipeline, CancellationToken cancellationToken)
    {
        var checks = new List<PreflightCheck>();
        try
        {
            var stored = await RecoveryFacts.LoadAllAsync(pipeline.Store, cancellationToken);
            checks.Add(Newest(stored));
            checks.AddRange(stored.OfType<ReadableCheckpoint>().Take(1).Where(newest => newest.Manifest.Definition is null && newest.Manifest.GraphFingerprint != pipeline.Fingerprint)
                .Select(older => new PreflightCheck(
                    "graph", PreflightStatus.Warning,
                    $"The pipeline has changed since checkpoint {older.Checkpoint} was made; it would go on from there, and what was delivered before stays as it is.",
                    Checkpointing.CheckpointErrorCodes.GraphChanged)));
            checks.AddRange(stored.OfType<DamagedCheckpoint>().Select(damaged => new PreflightCheck(
                "damaged", PreflightStatus.Warning, $"Checkpoint {damaged.Checkpoint} cannot be read: {damaged.Reason}.", damaged.Code)));
            checks.AddRange(stored.OfType<ReadableCheckpoint>().Where(readable => readable.Manifest.Pipeline != pipeline.Graph.Name).Take(1)
                .Select(foreign => new PreflightCheck(
                    "pipeline", PreflightStatus.Failed, $"The store is that of pipeline '{foreign.Manifest.Pipeline}'.",
                    Checkpointing.CheckpointErrorCodes.ForeignPipeline, "Set Checkpoint:Store to a folder of its own.")));
        }
        catch (CdcFlowException error)
        {
            checks.Add(new PreflightCheck("store", PreflightStatus.Failed, error.Happened, error.Code, error.Fix));
        }

        return checks;
    }

    private static PreflightCheck Newest(IReadOnlyList<StoredCheckpoint> stored) => new(
        "newest", PreflightStatus.Passed, stored.Count == 0 ? "There are none yet: the first run starts afresh." : $"The newest is {stored[0].Checkpoint}.");
}
