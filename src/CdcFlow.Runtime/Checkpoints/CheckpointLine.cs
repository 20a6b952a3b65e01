using System.Buffers;
using System.Text.Json;
using CdcFlow.Checkpointing.Definitions;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;
using CdcFlow.Runtime.Flow;
using CdcFlow.Runtime.Nodes;
using CdcFlow.Runtime.State;
using CdcFlow.Sources;

namespace CdcFlow.Runtime.Checkpoints;

/// <summary>The line of an attempt's checkpoints: the next number, the newest committed one, and states that no source has replaced yet.</summary>
/// <remarks>Touched only by the coordinator once the attempt runs.</remarks>
internal sealed class CheckpointLine(string pipeline, string graphFingerprint, CheckpointId first, CheckpointManifest? restored)
{
    private static readonly Dictionary<string, JsonElement> none = [];

    private readonly IReadOnlyDictionary<string, JsonElement> restoredSources = restored?.Sources ?? none;
    private CheckpointId next = first;

    /// <summary>What decides the rows of the sinks from here on.</summary>
    public required Definition Definition { get; init; }

    /// <summary>What decided them up to the restored checkpoint, with the names that tables have now; null where that is not known.</summary>
    public Definition? Before { get; init; }

    /// <summary>What the source of a connection is asked to read again; null: nothing.</summary>
    public Func<string, ResnapshotRequest?> Resnapshot { get; init; } = _ => null;

    /// <summary>The source connections that are asked for tables of theirs.</summary>
    public IReadOnlyCollection<string> Rereading { get; init; } = [];

    /// <summary>The checkpoint that is gone on from; null on a fresh start.</summary>
    public CheckpointManifest? Restored => restored;

    /// <summary>The newest checkpoint that is committed on every sink; null before the first.</summary>
    public CheckpointRef? LastCommitted { get; private set; } = restored?.Checkpoint;

    /// <summary>Takes the next number. Numbers of attempts that are given up are not used again.</summary>
    public CheckpointRef Next(Epoch epoch)
    {
        var taken = new CheckpointRef(epoch, next);
        next = new CheckpointId(next.Value + 1);
        return taken;
    }

    /// <summary>The state that a source was restored to; null on a fresh start, and for a source that is new.</summary>
    public JsonElement? RestoredState(string connection) => restoredSources.TryGetValue(connection, out var state) ? state : null;

    /// <summary>Everything that was acknowledged, as a checkpoint of the protocol.</summary>
    public PendingCheckpoint Pending(CheckpointMeeting meeting, IReadOnlyList<NodeStateKeeper> states, IReadOnlyList<SinkNode> sinks)
    {
        var pending = new PendingCheckpoint(pipeline, meeting.Checkpoint, graphFingerprint, LastCommitted) { Definition = DefinitionAt(meeting) };
        foreach (var (connection, state) in meeting.Sources)
        {
            if ((state is null ? RestoredState(connection) : ToJson(state)) is { } json)
            {
                pending.AcknowledgeSource(connection, json);
            }
        }

        foreach (var state in states)
        {
            var (entry, names) = state.Take(meeting.Checkpoint.Epoch, pending.AddSideFile);
            pending.AcknowledgeNode(state.NodeId, entry, names);
        }

        foreach (var sink in sinks)
        {
            pending.AcknowledgeSink(sink.Connection, sink.Sink.Kind, meeting.CommittableOf(sink.Connection));
        }

        return pending;
    }

    /// <summary>The checkpoint is committed on every sink.</summary>
    public void Committed(CheckpointManifest manifest) => LastCommitted = manifest.Checkpoint;

    /// <summary>The size of the states and committables of a checkpoint.</summary>
    public static long StateBytes(CheckpointManifest manifest) =>
        manifest.Sources.Values.Concat(manifest.Nodes.Values).Concat(manifest.Sinks.Values.Select(sink => sink.Committable.Json))
            .Sum(json => (long)json.GetRawText().Length);

    /// <summary>While a source has not taken what it was asked for into a state of its own, the next start must ask again. Another may have moved on without a table by then:
    /// should it come back, it is one that was not read for a while.</summary>
    private Definition DefinitionAt(CheckpointMeeting meeting)
    {
        if (Before is null || Rereading.All(connection => meeting.Sources[connection] is not null))
        {
            return Definition;
        }

        var left = Before.Tables.Except(Definition.Tables).Where(table => meeting.Sources.GetValueOrDefault(table.Connection) is not null);
        return Before with { FormerTables = [.. Before.FormerTables.Union(left)] };
    }

    /// <summary>A state as it stands in a checkpoint.</summary>
    public static JsonElement ToJson(SourceState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            state.WriteTo(writer);
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }
}
