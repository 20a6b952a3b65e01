using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Runtime.Checkpoints;
using CdcFlow.Runtime.Flow;
using CdcFlow.Sinks;

namespace CdcFlow.Runtime.Attempts;

/// <summary>The I/O of recovery, in its order: lease (held already) → fence the sinks and read their markers → decide → finish commits.</summary>
internal sealed class RecoveryRun(
    PipelineDefinition definition, ICheckpointStore store, ICheckpointLease lease, RecoveryOverride? order, IPipelineObserver observer)
{
    private volatile string? calling;

    /// <summary>The sink connection that is being called; none between calls.</summary>
    public IReadOnlyList<string> Calling => calling is { } connection ? [connection] : [];

    /// <summary>Recovers, before any source is opened and while no node runs.</summary>
    /// <exception cref="CdcFlowException">Going on would lose or double data.</exception>
    public async Task<CheckpointLine> RunAsync(FlowGraph graph, CancellationToken cancellationToken)
    {
        var opened = await OpenSinksAsync(graph, cancellationToken);
        var stored = await RecoveryFacts.LoadAllAsync(store, cancellationToken);
        var facts = new RecoveryFacts(definition.Name, stored, opened, order) { Sources = [.. graph.Sources.Select(source => source.Connection)] };
        switch (Recovery.Decide(facts))
        {
            case FreshStart fresh:
                return new CheckpointLine(definition.Name, definition.Fingerprint, fresh.NextId, restored: null);
            case Restore restore:
                if (restore.Checkpoint.Manifest.GraphFingerprint != definition.Fingerprint)
                {
                    observer.GraphChanged(restore.Checkpoint.Manifest.Checkpoint);
                }

                await restore.Checkpoint.CommitAsync(
                    async (connection, permit, token) =>
                    {
                        calling = connection;
                        await graph.SinkOf(connection).CommitAsync(permit, token);
                        calling = null;
                    },
                    cancellationToken);
                return new CheckpointLine(definition.Name, definition.Fingerprint, restore.NextId, restore.Checkpoint.Manifest);
            case Refusal refusal:
                throw refusal.ToException();
            case var unknown:
                throw new System.Diagnostics.UnreachableException(unknown.GetType().Name);
        }
    }

    private async Task<List<OpenedSink>> OpenSinksAsync(FlowGraph graph, CancellationToken cancellationToken)
    {
        var context = new SinkOpenContext(definition.Name, lease.Epoch, definition.Graph.Delivery);
        var opened = new List<OpenedSink>();
        foreach (var node in graph.Sinks)
        {
            calling = node.Connection;
            opened.Add(new OpenedSink(node.Connection, node.Sink.Kind, await node.Sink.OpenAsync(context, cancellationToken)));
            calling = null;
        }

        return opened;
    }
}
