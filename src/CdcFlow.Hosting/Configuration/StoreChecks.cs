using CdcFlow.Checkpointing.Stores;
using CdcFlow.Configuration;

namespace CdcFlow.Hosting.Configuration;

/// <summary>What must be so of the checkpoint store before anything is written to it.</summary>
internal static class StoreChecks
{
    /// <summary>Looks who else may write it, and whether this process may.</summary>
    public static async ValueTask<IReadOnlyList<PreflightReport>> RunAsync(StoreLocation location, ICheckpointStore store, CancellationToken cancellationToken) =>
        [new PreflightReport($"checkpoints in {location.Directory}", [StoreFolder.Check(location.Directory), await UsableAsync(store, cancellationToken)])];

    private static async ValueTask<PreflightCheck> UsableAsync(ICheckpointStore store, CancellationToken cancellationToken)
    {
        const string name = "store";
        try
        {
            await store.RequireUsableAsync(cancellationToken);
            return new PreflightCheck(name, PreflightStatus.Passed, "It can be written.");
        }
        catch (CdcFlowException error) when (!error.IsTransient)
        {
            return new PreflightCheck(name, PreflightStatus.Failed, error.Happened, error.Code, error.Fix);
        }
        catch (CdcFlowException full)
        {
            // A start waits it out.
            return new PreflightCheck(name, PreflightStatus.Warning, full.Happened, full.Code, full.Fix);
        }
    }
}
