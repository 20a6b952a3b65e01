using System.Text.Json;
using CdcFlow.Checkpointing;
using CdcFlow.Checkpointing.Definitions;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Runtime.Flow;
using CdcFlow.Sources;

namespace CdcFlow.Runtime.Attempts;

/// <summary>Compares the program with the checkpoint that it goes on from.</summary>
/// <remarks>Asked twice: before anything is changed, by the newest checkpoint of the store; then, as that may not be the one that the sinks have committed, by the one that is
/// restored. The second time decides.</remarks>
internal sealed class DefinitionCheck(PipelineGraph pipeline, FlowGraph graph, PipelineOptions options)
{
    private const string Name = "definition";

    /// <summary>What a start would do, without changing anything; no check on a first start.</summary>
    /// <param name="newest">What <see cref="NewestAsync"/> gives.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<PreflightReport> ReportAsync(CheckpointManifest? newest, CancellationToken cancellationToken) =>
        new(Name, newest is not null && IsRestorable(newest) ? await ChecksAsync(newest, cancellationToken) : []);

    /// <summary>The checkpoint that a start would go on from as far as the store knows; null without one.</summary>
    public async ValueTask<CheckpointManifest?> NewestAsync(ICheckpointStore store, CancellationToken cancellationToken)
    {
        if (options.RecoverFrom is { } order)
        {
            return order.Checkpoint is { } wanted && await store.LoadAsync(wanted, cancellationToken) is ReadableCheckpoint found ? found.Manifest : null;
        }

        foreach (var checkpoint in await store.ListAsync(cancellationToken))
        {
            if (await store.LoadAsync(checkpoint, cancellationToken) is ReadableCheckpoint newest)
            {
                return newest.Manifest;
            }
        }

        return null;
    }

    /// <summary>The definition that a checkpoint has, with the names that its tables have now; null where it has none.</summary>
    /// <param name="manifest">The checkpoint that is restored.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<Definition?> BeforeAsync(CheckpointManifest manifest, CancellationToken cancellationToken) =>
        manifest.Definition is { } kept ? await FollowAsync(kept, manifest.Sources, cancellationToken) : null;

    /// <summary>Decides.</summary>
    /// <param name="checkpoint">The checkpoint that is restored.</param>
    /// <param name="before">Its definition, as <see cref="BeforeAsync"/> gives it.</param>
    public DefinitionVerdict Judge(CheckpointRef checkpoint, Definition? before)
    {
        if (before is null)
        {
            return new DefinitionVerdict(
                false, null, null, [],
                [$"Checkpoint {checkpoint} is of a version that did not keep the pipeline's definition: that of this program is taken, and the next change of it is noticed."]);
        }

        var facts = new DefinitionFacts(
            pipeline.Name, checkpoint, options.OnDefinitionChange, options.AcceptsDefinition, options.Resnapshot, [.. Readable()], KeepingSinks);
        return DefinitionVerdict.Of(DefinitionChange.Between(before, Now), facts);
    }

    /// <summary>What is to be kept from now on.</summary>
    /// <param name="before">The definition of the checkpoint that is restored; null on a fresh start.</param>
    public Definition After(Definition? before) => Now.After(before);

    /// <summary>What a source is asked to read again. Another one may have tables of the same names.</summary>
    /// <param name="connection">The source's connection.</param>
    /// <param name="verdict">What was decided.</param>
    /// <param name="checkpoint">The checkpoint that is restored: what is asked because of it is taken once.</param>
    public ResnapshotRequest? Request(string connection, DefinitionVerdict verdict, CheckpointRef checkpoint)
    {
        string[] again = [.. verdict.Again.Where(table => table.Connection == connection).Select(table => table.ToString())];
        return again.Length == 0
            ? options.Resnapshot
            : new ResnapshotRequest(
                options.Resnapshot?.Id ?? $"definition {checkpoint}", [.. (options.Resnapshot?.Tables ?? []).Union(again)], options.Resnapshot?.Lost ?? false);
    }

    private Definition Now => DefinitionOf.Graph(pipeline, graph);

    // Of the rest recovery says what is wrong, and the definition is not what it is about.
    private bool IsRestorable(CheckpointManifest manifest) =>
        manifest.Pipeline == pipeline.Name
        && (options.RecoverFrom is not null || manifest.Sources.Keys.All(connection => graph.Sources.Exists(source => source.Connection == connection)));

    private async ValueTask<IReadOnlyList<PreflightCheck>> ChecksAsync(CheckpointManifest manifest, CancellationToken cancellationToken)
    {
        var verdict = Judge(manifest.Checkpoint, await BeforeAsync(manifest, cancellationToken));
        var judged = verdict.Sentence is { } sentence
            ? new PreflightCheck(Name, verdict.IsRefusal ? PreflightStatus.Failed : PreflightStatus.Warning, sentence, CheckpointErrorCodes.DefinitionChanged, verdict.Fix)
            : new PreflightCheck(Name, PreflightStatus.Passed, $"No row that was written up to checkpoint {manifest.Checkpoint} is out of date.");
        return [judged, .. verdict.Notes.Select(note => new PreflightCheck("change", PreflightStatus.Passed, note))];
    }

    /// <summary>A table that was renamed and is read by its new name is the same one.</summary>
    private async ValueTask<Definition> FollowAsync(Definition before, IReadOnlyDictionary<string, JsonElement> states, CancellationToken cancellationToken)
    {
        var now = Now.Tables.ToHashSet();
        foreach (var source in graph.Sources)
        {
            if (states.TryGetValue(source.Connection, out var state) && now.Any(table => table.Connection == source.Connection && !before.Tables.Contains(table)))
            {
                before = before.Renamed(source.Connection, await source.Connector.RenamedAsync(state, cancellationToken));
            }
        }

        return before;
    }

    private IEnumerable<SourceTable> Readable() =>
        graph.Sources.SelectMany(source => source.Connector.Tables, (source, table) => new SourceTable(source.Connection, table));

    private IEnumerable<string> KeepingSinks(SourceTable table)
    {
        string[] keeping = [.. graph.Sinks.SelectMany(node => node.Sink.KeepingSinks)];
        return Now.Nodes.Where(node => node.Source?.Table == table).SelectMany(node => FedNodes.Sinks(pipeline, node.Id, keeping));
    }
}
