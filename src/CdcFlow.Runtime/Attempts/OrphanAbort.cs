using CdcFlow.Checkpointing;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Runtime.Flow;
using CdcFlow.Sinks;

namespace CdcFlow.Runtime.Attempts;

/// <summary>Ends what a dead instance left open at its sinks. The lease comes before: it proves that the instance is dead, and keeps others from
/// starting meanwhile; that of another store than the sinks' own proves nothing. Should it expire, nothing worse happens than to whoever is fenced by force.</summary>
internal sealed class OrphanAbort(PipelineDefinition definition, PipelineServices services, TimeSpan leaseWait, bool force)
{
    public async Task<OrphanReport> RunAsync(FlowGraph graph, CancellationToken cancellationToken)
    {
        await RefuseForeignStoreAsync(graph, cancellationToken);
        var (lease, running) = await AcquireAsync(cancellationToken);
        await using var held = lease;
        var fenced = new List<string>();
        foreach (var sink in graph.Sinks.Select(node => node.Sink).OfType<IOrphanedTransactions>())
        {
            fenced.AddRange(await sink.AbortAsync(cancellationToken));
        }

        return new OrphanReport(fenced, running);
    }

    private async Task RefuseForeignStoreAsync(FlowGraph graph, CancellationToken cancellationToken)
    {
        var first = await FirstReading.RunAsync(definition, services.Store, graph, _ => { }, cancellationToken);
        if (!force && Recovery.ForeignStore(first) is { } refusal)
        {
            throw refusal.ToException();
        }
    }

    private async Task<(ICheckpointLease? Lease, string? Running)> AcquireAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await new InstanceLease(services, force ? TimeSpan.Zero : leaseWait, waitsForLiving: false).AcquireAsync(cancellationToken), null);
        }
        catch (CdcFlowException held) when (held.Code == CheckpointErrorCodes.LeaseHeld)
        {
            return force ? (null, held.Happened) : throw new CdcFlowException(
                held.Code, held.Happened, "What it has open is not orphaned. Stop it first; or fence it by --force, after which it starts anew.", inner: held);
        }
    }
}
