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
    private static readonly SourceTable items = new("shop", new TableId("", "items"));
    private static readonly Definition before = new([Source(items)], []);
    private static readonly Definition now = new([], []) { FormerTables = [items] };

    [Fact]
    public async Task Is_that_of_before_until_the_source_has_taken_what_it_is_asked_to_read_again()
    {
        var kept = await KeptAsync(["shop"], state: null);
        Assert.Equal((before.Nodes, before.Sinks), (kept!.Nodes, kept.Sinks));
        Assert.Empty(kept.FormerTables);
        Assert.Same(now, await KeptAsync(["shop"], new Anything()));
    }

    // The program of before may come back, and find that state: it goes on without the table, as the new one did.
    [Fact]
    public async Task Of_before_remembers_the_table_that_another_source_has_moved_on_without()
    {
        var kept = await KeptAsync(["bank"], new Anything());
        Assert.Equal((before.Nodes, before.Sinks), (kept!.Nodes, kept.Sinks));
        Assert.Equal([items], kept.FormerTables);
        Assert.Equal([items], DefinitionChange.Between(kept, before).Returned.Select(returned => returned.Table));
    }

    [Fact]
    public async Task Is_the_new_one_at_once_where_nothing_is_read_again() => Assert.Same(now, await KeptAsync([], state: null));

    private static async Task<Definition?> KeptAsync(string[] rereading, SourceState? state)
    {
        var store = new InMemoryCheckpointStore("test", TimeProvider.System);
        await using var lease = await store.AcquireAsync(LeaseHolder.Current(), TestContext.Current.CancellationToken);
        var meeting = new CheckpointMeeting(new CheckpointRef(lease.Epoch, new CheckpointId(2)), isLast: false, sourceCount: 2, stateCount: 0, sinkCount: 0);
        meeting.Acknowledge("shop", state, oldestCommit: null);
        meeting.Acknowledge("bank", state: null, oldestCommit: null);
        var line = new CheckpointLine("test", "", new CheckpointId(2), Restored()) { Before = before, Definition = now, Rereading = rereading };
        var prepared = await line.Pending(meeting, [], []).PrepareAsync(lease, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
        return prepared.Manifest.Definition;
    }

    private static DefinedNode Source(SourceTable table) => new("items", "source", "Item", []) { Source = new DefinedSource(table, new Dictionary<string, string>()) };

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
