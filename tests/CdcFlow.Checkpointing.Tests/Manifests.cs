using System.Text.Json;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;
using CdcFlow.Sinks;

namespace CdcFlow.Checkpointing.Tests;

/// <summary>Manifests for tests: as small as the test's point allows.</summary>
internal static class Manifests
{
    public static CheckpointRef Ref(long id, long epoch = 1) => new(new Epoch(epoch), new CheckpointId(id));

    public static CheckpointManifest Manifest(CheckpointRef checkpoint, CheckpointRef? lastCommitted = null, params (string Name, SinkKind Kind)[] sinks) => new()
    {
        Pipeline = "orders",
        Checkpoint = checkpoint,
        CreatedAt = DateTimeOffset.UnixEpoch,
        GraphFingerprint = "",
        LastCommitted = lastCommitted,
        Sources = new Dictionary<string, JsonElement> { ["shop"] = Json($$"""{"version":1,"lsn":{{checkpoint.Id}}}""") },
        Nodes = new Dictionary<string, JsonElement>(),
        Sinks = sinks.ToDictionary(sink => sink.Name, sink => new PreparedSink(sink.Kind, new Committable(Json($$"""{"files":["{{checkpoint}}"]}""")))),
    };

    public static CheckpointManifest Manifest(CheckpointRef checkpoint, params SideFileRef[] sideFiles) => Manifest(checkpoint, lastCommitted: null) with { SideFiles = sideFiles };

    public static JsonElement Json(string text) => Committable.Parse(text).Json;
}
