using System.Text.Json;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Runtime.Checkpoints;
using CdcFlow.Runtime.Flow;
using CdcFlow.Runtime.Nodes;
using CdcFlow.Sources;

namespace CdcFlow.Runtime.Attempts;

/// <summary>Leaves a part of a source's log out, by its user's order: looks → refuses what must not be → asks → lease → recovers as a start does → makes one checkpoint in which that source
/// is further on.</summary>
/// <remarks>The source's server is told nothing: the checkpoint is the truth, and the next start reads from there. It is made as every other is, so that a crash at any step leaves
/// the old one or the new one.</remarks>
internal sealed class Skip(PipelineDefinition definition, PipelineServices services, PipelineOptions options)
{
    public async Task<SkipReport?> RunAsync(FlowGraph graph, string connection, string place, Func<SourceSkip, ValueTask<bool>> confirm, CancellationToken cancellationToken)
    {
        var source = SourceOf(graph, connection);
        await RunningInstance.RefuseAsync(definition, services, "skip", cancellationToken);
        var found = await FoundAsync(graph, connection, cancellationToken);
        var skip = await source.Connector.SkipAsync(found, place, cancellationToken);
        if (!await confirm(skip))
        {
            return null;
        }

        await using var lease = await new InstanceLease(services, options.LeaseWait, waitsForLiving: false).AcquireAsync(cancellationToken);

        // What the program has become is for the next start to judge: the checkpoint keeps the definition that it has.
        var recovery = new RecoveryRun(definition, services.Store, lease, options with { AcceptsDefinition = true }, new Adoption(services.Observer));
        var line = await recovery.RunAsync(graph, cancellationToken);
        var restored = line.Restored ?? throw NothingRead(connection);
        if (StateOf(restored, connection) is var now && !JsonElement.DeepEquals(now, found))
        {
            skip = await source.Connector.SkipAsync(now, place, cancellationToken);
            if (!await confirm(skip)) // an instance has run meanwhile, and something else would be left out than was asked for
            {
                return null;
            }
        }

        var checkpoint = line.Next(lease.Epoch);
        await CommitAsync(graph, await PendingAsync(graph, restored, checkpoint, connection, skip.State, cancellationToken), lease, cancellationToken);
        return new SkipReport(checkpoint, skip);
    }

    private static SourceNode SourceOf(FlowGraph graph, string connection) => graph.Sources.Find(source => source.Connection == connection) ?? throw new CdcFlowException(
        ErrorCodes.SkipUnknown,
        $"--to names connection '{connection}', and the pipeline has no source of it.",
        $"Its sources' connections are: {string.Join(", ", graph.Sources.Select(source => source.Connection))}.");

    private static CdcFlowException NothingRead(string connection) => new(
        RuntimeErrorCodes.NothingToSkip,
        $"There is no checkpoint with a place of source '{connection}', so nothing was read yet after which something could be left out.",
        "Start the pipeline once: `run`.");

    private static JsonElement StateOf(CheckpointManifest manifest, string connection) => manifest.Sources.TryGetValue(connection, out var state) ? state : throw NothingRead(connection);

    /// <summary>The source's state in the checkpoint that a start would go on from, by a first reading that changes nothing.</summary>
    private async ValueTask<JsonElement> FoundAsync(FlowGraph graph, string connection, CancellationToken cancellationToken)
    {
        var facts = await FirstReading.RunAsync(definition, services.Store, graph, _ => { }, cancellationToken);
        return Recovery.Admit(facts, own: null) is { } refusal ? throw refusal.ToException()
            : Recovery.Decide(facts) is Restore restore ? StateOf(restore.Checkpoint.Manifest, connection)
            : throw NothingRead(connection);
    }

    /// <summary>The restored checkpoint once more, but for the one source, and with nothing for the sinks to write.</summary>
    private async ValueTask<PendingCheckpoint> PendingAsync(
        FlowGraph graph, CheckpointManifest restored, CheckpointRef checkpoint, string connection, SourceState state, CancellationToken cancellationToken)
    {
        var pending = new PendingCheckpoint(definition.Name, checkpoint, restored.GraphFingerprint, restored.Checkpoint) { Definition = restored.Definition };
        foreach (var (name, known) in restored.Sources)
        {
            pending.AcknowledgeSource(name, name == connection ? CheckpointLine.ToJson(state) : known);
        }

        foreach (var (node, known) in restored.Nodes)
        {
            pending.AcknowledgeNode(node, known);
        }

        pending.KeepSideFiles(restored.SideFiles);

        foreach (var node in graph.Sinks)
        {
            node.Sink.EndInput();
            pending.AcknowledgeSink(node.Connection, node.Sink.Kind, await node.Sink.PrepareAsync(checkpoint, cancellationToken));
        }

        return pending;
    }

    /// <summary>As every checkpoint: state durable, decision, remaining commits.</summary>
    private async ValueTask CommitAsync(FlowGraph graph, PendingCheckpoint pending, ICheckpointLease lease, CancellationToken cancellationToken)
    {
        var prepared = await pending.PrepareAsync(lease, services.Time.GetUtcNow(), cancellationToken);
        var decided = await prepared.DecideAsync(SinkAsync, cancellationToken);
        await decided.NoteCommittedAsync(lease, await decided.CommitAsync(SinkAsync, cancellationToken), cancellationToken);

        ValueTask SinkAsync(string sink, CommitPermit permit, CancellationToken token) => graph.SinkOf(sink).CommitAsync(permit, token);
    }

    /// <summary>Passes on what is told once, and leaves what every start tells to the next one.</summary>
    private sealed class Adoption(IPipelineObserver told) : IPipelineObserver
    {
        public void SinksAdopted(StoreId store, IReadOnlyList<string> connections) => told.SinksAdopted(store, connections);
    }
}
