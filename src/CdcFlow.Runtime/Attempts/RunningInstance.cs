using CdcFlow.Checkpointing.Stores;

namespace CdcFlow.Runtime.Attempts;

/// <summary>Refuses what must not happen beside an instance that is seen to live, before anything is changed. What one look cannot see, the lease settles.</summary>
internal static class RunningInstance
{
    /// <summary>Looks once.</summary>
    /// <param name="definition">The pipeline.</param>
    /// <param name="services">Its store.</param>
    /// <param name="verb">What is to be done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CdcFlowException"><see cref="Checkpointing.CheckpointErrorCodes.LeaseHeld"/>.</exception>
    public static async ValueTask RefuseAsync(PipelineDefinition definition, PipelineServices services, string verb, CancellationToken cancellationToken)
    {
        var observer = services.Holder ?? LeaseHolder.Current();
        if (await services.Store.ReadLeaseAsync(observer.Machine, cancellationToken) is { Hold: LeaseHold.Held } held)
        {
            throw LeaseErrors.Running(
                definition.Name, held.Epoch, held.Holder, $"Nothing is changed beside a running instance: stop it in good order (SIGTERM), then `{verb}` again.");
        }
    }
}
