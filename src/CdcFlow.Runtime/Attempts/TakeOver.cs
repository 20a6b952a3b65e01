using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Runtime.Flow;
using CdcFlow.Runtime.Nodes;
using CdcFlow.Sinks;

namespace CdcFlow.Runtime.Attempts;

/// <summary>Makes the pipeline's store the owner of sinks, and of places in logs, that are another store's, by its user's order. The instance of that store is fenced.</summary>
internal sealed class TakeOver(PipelineDefinition definition, PipelineServices services, TimeSpan leaseWait)
{
    /// <summary>Reads, asks, and takes over what was read: a sink that has changed hands meanwhile is refused.</summary>
    /// <returns>Null when the answer was no; nothing has changed then.</returns>
    public async Task<TakeOverReport?> RunAsync(FlowGraph graph, Func<TakeOverQuestion, ValueTask<bool>> confirm, CancellationToken cancellationToken)
    {
        var first = await FirstReading.RunAsync(definition, services.Store, graph, _ => { }, cancellationToken);
        var foreign = first.Sinks.Select(sink => sink with { Found = sink.Found?.ForeignTo(first.Store) }).Where(sink => sink.Found is not null).ToList();
        var sources = await ForeignSourcesAsync(graph, first.Store, cancellationToken);
        if (foreign.Count + sources.Count > 0 && !await confirm(new TakeOverQuestion(foreign, [.. sources.Select(source => (source.Node.Connection, source.Owner))])))
        {
            return null;
        }

        await using var lease = await new InstanceLease(services, leaseWait, waitsForLiving: false).AcquireAsync(cancellationToken);
        if (first.Sinks.Max(sink => sink.Found?.Epoch) is { } remembered && remembered >= lease.Epoch)
        {
            await lease.RaiseAsync(remembered, cancellationToken);
        }

        var sinks = foreign.Count == 0 ? first.Sinks : await OpenAsync(graph, first, lease, cancellationToken);
        foreach (var (source, _) in sources)
        {
            await source.Connector.TakeOverAsync(lease.Store, cancellationToken);
        }

        var stored = await RecoveryFacts.LoadAllAsync(services.Store, cancellationToken);
        return new TakeOverReport(
            lease.Store, [.. foreign.Select(sink => sink.Connection)], Recovery.Decide(first with { Stored = stored, Sinks = sinks }), Newest(stored))
        {
            Sources = [.. sources.Select(source => source.Node.Connection)],
        };
    }

    private static async Task<List<(SourceNode Node, StoreId Owner)>> ForeignSourcesAsync(FlowGraph graph, StoreId? own, CancellationToken cancellationToken)
    {
        var foreign = new List<(SourceNode, StoreId)>();
        foreach (var source in graph.Sources)
        {
            if (await source.Connector.OwnerAsync(cancellationToken) is { } owner && owner != own)
            {
                foreign.Add((source, owner));
            }
        }

        return foreign;
    }

    private async Task<IReadOnlyList<OpenedSink>> OpenAsync(FlowGraph graph, RecoveryFacts first, ICheckpointLease lease, CancellationToken cancellationToken)
    {
        var opened = new List<OpenedSink>();
        foreach (var (node, found) in graph.Sinks.Zip(first.Sinks))
        {
            var replaced = found.Found?.ForeignTo(first.Store) ?? found.Found;
            var context = new SinkOpenContext(definition.Name, lease.Epoch, definition.Graph.Delivery, lease.Store) { Replaces = replaced?.Store };
            opened.Add(new OpenedSink(node.Connection, node.Sink.Kind, await node.Sink.OpenAsync(context, cancellationToken)));
        }

        return opened;
    }

    private static CheckpointRef? Newest(IReadOnlyList<StoredCheckpoint> stored) => stored
        .OfType<ReadableCheckpoint>().Select(readable => (CheckpointRef?)readable.Checkpoint).FirstOrDefault();
}
