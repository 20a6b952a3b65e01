using CdcFlow.Checkpointing;
using CdcFlow.Checkpointing.Definitions;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Runtime.Checkpoints;
using CdcFlow.Runtime.Flow;
using CdcFlow.Runtime.Nodes;
using CdcFlow.Sinks;
using CdcFlow.Sources;

namespace CdcFlow.Runtime.Attempts;

/// <summary>The I/O of recovery, in its order: lease (held already) → read the sinks, and refuse what must not be → fence them and read again → decide → finish commits.</summary>
internal sealed class RecoveryRun(
    PipelineDefinition definition, ICheckpointStore store, ICheckpointLease lease, PipelineOptions options, IPipelineObserver observer)
{
    private volatile string? calling;

    /// <summary>The sink connection that is being called; none between calls.</summary>
    public IReadOnlyList<string> Calling => calling is { } connection ? [connection] : [];

    /// <summary>What a first reading has found already; null: it is made here.</summary>
    public RecoveryFacts? Admitted { get; init; }

    /// <summary>Recovers, before any source is opened and while no node runs.</summary>
    /// <exception cref="CdcFlowException">Going on would lose or double data.</exception>
    public async Task<CheckpointLine> RunAsync(FlowGraph graph, CancellationToken cancellationToken)
    {
        var first = Admitted ?? await AdmittedAsync(graph, cancellationToken);

        // Only this second reading decides: until the sinks were fenced, an older instance of this store could still commit.
        var opened = await OpenSinksAsync(graph, first.Sinks, cancellationToken);
        TellAdopted(first);
        var stored = await RecoveryFacts.LoadAllAsync(store, cancellationToken);
        var facts = first with { Stored = stored, Sinks = opened };
        var check = new DefinitionCheck(definition.Graph, graph, options);
        switch (Recovery.Decide(facts))
        {
            case FreshStart fresh:
                return new CheckpointLine(definition.Name, definition.Fingerprint, fresh.NextId, restored: null) { Definition = check.After(NewestDefinition(stored)), Resnapshot = _ => options.Resnapshot };
            case Restore restore:
                return await RestoreAsync(restore, check, graph, cancellationToken);
            case Refusal refusal:
                throw refusal.ToException();
            case var unknown:
                throw new System.Diagnostics.UnreachableException(unknown.GetType().Name);
        }
    }

    private async Task<CheckpointLine> RestoreAsync(Restore restore, DefinitionCheck check, FlowGraph graph, CancellationToken cancellationToken)
    {
        var restored = restore.Checkpoint.Manifest;
        var before = await check.BeforeAsync(restored, cancellationToken);
        var verdict = Judge(check, restored, before);
        await restore.Checkpoint.CommitAsync(
            async (connection, permit, token) =>
            {
                calling = connection;
                await graph.SinkOf(connection).CommitAsync(permit, token);
                calling = null;
            },
            cancellationToken);
        return new CheckpointLine(definition.Name, definition.Fingerprint, restore.NextId, restored)
        {
            Before = before,
            Definition = check.After(before),
            Resnapshot = Request,
            Rereading = [.. graph.Sources.Where(source => IsAsked(source, Request(source.Connection))).Select(source => source.Connection)],
        };

        ResnapshotRequest? Request(string connection) => check.Request(connection, verdict, restored.Checkpoint);
    }

    /// <exception cref="CdcFlowException">The pipeline has changed, and nobody has said what is to become of what was written before.</exception>
    private DefinitionVerdict Judge(DefinitionCheck check, CheckpointManifest manifest, Definition? before)
    {
        if (before is null && manifest.GraphFingerprint != definition.Fingerprint)
        {
            observer.GraphChanged(manifest.Checkpoint);
        }

        var verdict = check.Judge(manifest.Checkpoint, before);
        foreach (var note in verdict.Notes)
        {
            observer.Noted(note);
        }

        return verdict.ToException() is { } refused ? throw refused : verdict;
    }

    /// <summary>What was read before a start afresh: a table that was left is emptied downstream all the same when it comes back.</summary>
    private static Definition? NewestDefinition(IEnumerable<StoredCheckpoint> stored) =>
        stored.OfType<ReadableCheckpoint>().Select(readable => readable.Manifest.Definition).FirstOrDefault(known => known is not null);

    private static bool IsAsked(SourceNode source, ResnapshotRequest? request) => source.Connector.Tables.Any(table => request?.Names(table) == true);

    private async Task<RecoveryFacts> AdmittedAsync(FlowGraph graph, CancellationToken cancellationToken)
    {
        var facts = await FirstReading.RunAsync(definition, store, graph, connection => calling = connection, cancellationToken) with { Override = options.RecoverFrom };
        return Recovery.Admit(facts, lease.Epoch) is { } refusal ? throw refusal.ToException() : facts;
    }

    private void TellAdopted(RecoveryFacts first)
    {
        if (first.Sinks.Where(sink => sink.Found is { Store: null, Before: null }).Select(sink => sink.Connection).ToList() is { Count: > 0 } adopted)
        {
            observer.SinksAdopted(lease.Store, adopted);
        }
    }

    private async Task<List<OpenedSink>> OpenSinksAsync(FlowGraph graph, IReadOnlyList<OpenedSink> first, CancellationToken cancellationToken)
    {
        var context = new SinkOpenContext(definition.Name, lease.Epoch, definition.Graph.Delivery, lease.Store);
        var opened = new List<OpenedSink>();
        foreach (var (node, found) in graph.Sinks.Zip(first))
        {
            calling = node.Connection;
            opened.Add(new OpenedSink(node.Connection, node.Sink.Kind, await OpenAsync(node, context, cancellationToken)) { Before = found.Before });
            calling = null;
        }

        return opened;
    }

    private async Task<CheckpointRef?> OpenAsync(SinkNode node, SinkOpenContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await node.Sink.OpenAsync(context with { RejectCount = node.RejectCount }, cancellationToken);
        }
        catch (CdcFlowException fenced) when (fenced is { IsFenced: true, FencedBy: not null })
        {
            throw await FencedFromElsewhereAsync(node.Connection, fenced.FencedBy.Value, cancellationToken);
        }
    }

    /// <summary>A sink remembers an epoch above ours. An instance of this store that has taken over would have fenced the lease too; if none has, the store was
    /// emptied, rolled back or is another's, or began at a clock that was behind.</summary>
    private async ValueTask<CdcFlowException> FencedFromElsewhereAsync(string connection, Epoch newer, CancellationToken cancellationToken)
    {
        await lease.RenewAsync(cancellationToken);
        if (options.RecoverFrom is null)
        {
            return Recovery.EpochAhead(definition.Name, connection, newer, lease.Epoch).ToException();
        }

        await lease.RaiseAsync(newer, cancellationToken);
        return new CdcFlowException(
            CheckpointErrorCodes.EpochRaised,
            $"Sink '{connection}' remembers epoch {newer} of pipeline '{definition.Name}', which is above all epochs of its store. As --restore-from says where to begin, the store goes on above it.",
            "Nothing is to be done: the pipeline starts again at once.", ErrorDomain.External, isTransient: true);
    }
}
