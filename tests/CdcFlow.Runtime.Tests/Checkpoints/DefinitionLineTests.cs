using System.Text.Json;
using CdcFlow.Checkpointing.Definitions;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Runtime.Checkpoints;
using CdcFlow.Runtime.Flow;
using CdcFlow.Sources;

namespace CdcFlow.Runtime.Tests.Checkpoints;

/// <summary>Which definition a checkpoint keeps: the new one only when a crash right after it loses nothing of what was asked for.</summary>
public sealed class DefinitionLineTests
{
    private static readonly Definition before = new([], []);
    private static readonly Definition now = new([], []) { FormerTables = [new SourceTable("shop", new TableId("", "items"))] };

    [Fact]
    public async Task Is_that_of_before_until_the_source_has_taken_what_it_is_asked_to_read_again()
    {
        Assert.Same(before, await KeptAsync(["shop"], state: null));
        Assert.Same(now, await KeptAsync(["shop"], new Anything()));
    }

    [Fact]
    public async Task Is_the_new_one_at_once_where_nothing_is_read_again() => Assert.Same(now, await KeptAsync([], state: null));

    private static async Task<Definition?> KeptAsync(string[] rereading, SourceState? state)
    {
        var store = new InMemoryCheckpointStore("test", TimeProvider.System);
        await using var lease = await store.AcquireAsync(LeaseHolder.Current(), TestContext.Current.CancellationToken);
        var meeting = new CheckpointMeeting(new CheckpointRef(lease.Epoch, new CheckpointId(2)), isLast: false, sourceCount: 1, sinkCount: 0);
        meeting.Acknowledge("shop", state, oldestCommit: null);
        var line = new CheckpointLine("test", "", new CheckpointId(2), Restored()) { Definition = now, Rereading = rereading };
        var prepared = await line.Pending(meeting, []).PrepareAsync(lease, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
        return prepared.Manifest.Definition;
    }

    private static CheckpointManifest Restored() => new()
    {
        Pipeline = "test",
        Checkpoint = new CheckpointRef(new Epoch(1), new CheckpointId(1)),
        CreatedAt = DateTimeOffset.UnixEpoch,
        GraphFingerprint = "",
        LastCommitted = null,
        Sources = new Dictionary<string, JsonElement>(),
        Nodes = new Dictionary<string, JsonElement>(),
        Sinks = new Dictionary<string, PreparedSink>(),
        Definition = before,
    };

    private sealed record Anything : SourceState
    {
        public override void WriteTo(Utf8JsonWriter writer) => writer.WriteNumberValue(1);
    }
}
