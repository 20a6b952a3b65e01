using CdcFlow.Checkpointing;
using CdcFlow.Checkpointing.Definitions;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpointing.Stores.Files;
using CdcFlow.Configuration;
using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Runtime.Tests.Checkpoints;

/// <summary>A node that numbers what passes: its count is in the checkpoint, and is taken up under the node's id.</summary>
public sealed class NodeStateTests
{
    private readonly FakeWorld world = new();
    private readonly SimulatedDisk disk = new();
    private readonly FakeLog log;
    private readonly FakeStorage storage;

    public NodeStateTests()
    {
        world.OtherStore = new FileCheckpointStore("test", "/checkpoints", new SimulatedFileSystem(disk), TimeProvider.System);
        log = world.Log("in");
        storage = world.Storage("out", SinkKind.Transactional);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string[] SideFiles => [.. disk.Contents.Keys.Where(path => path.EndsWith(".side", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Count_goes_on_from_run_to_run()
    {
        for (var run = 0; run < 3; run++)
        {
            await RunAsync("Numbered");
        }

        AssertNumbered(9);
        Assert.DoesNotContain(world.Observer.Notes, note => note.Contains("begins with nothing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Side_files_of_checkpoints_that_are_forgotten_are_deleted()
    {
        for (var run = 0; run < 40; run++)
        {
            await RunAsync("Numbered");
        }

        AssertNumbered(120);
        var stored = await RecoveryFacts.LoadAllAsync(world.OtherStore!, Cancelled);
        var named = stored.Cast<ReadableCheckpoint>().SelectMany(readable => readable.Manifest.SideFiles).ToHashSet();
        Assert.True(named.SetEquals(await world.OtherStore!.ListSideFilesAsync(Cancelled)));
        Assert.InRange(SideFiles.Length, 1, 20);
    }

    [Fact]
    public async Task Node_that_begins_to_keep_state_begins_with_nothing_and_that_is_said()
    {
        await RunAsync(node: null);
        await RunAsync("Numbered");
        Assert.Equal([0, 0, 0, 1, 2, 3], storage.Visible.Select(item => item.Version));
        Assert.Single(world.Observer.Notes, note => note.StartsWith("Node 'Numbered' keeps state, and checkpoint", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("WayOut", "CDCF3051")]
    public async Task Node_that_was_renamed_or_removed_is_refused_and_each_way_of_the_message_goes_on()
    {
        await RunAsync("Numbered");
        var said = await FailsTwiceAsync("Renamed", CheckpointErrorCodes.NodeRemoved);
        Assert.Contains("state of node 'Numbered'", said.Happened, StringComparison.Ordinal);
        Assert.Contains("give it its old id: [NodeId(\"Numbered\")]", said.Fix, StringComparison.Ordinal);
        Assert.Contains($"let its state go: `run --restore-from {storage.Marker}`", said.Fix, StringComparison.Ordinal);

        await RunAsync("Numbered");
        AssertNumbered(6);

        await FailsTwiceAsync(node: null, CheckpointErrorCodes.NodeRemoved);
        await RunAsync(node: null, new RecoveryOverride(storage.Marker));
        await RunAsync(node: null);
        Assert.Equal(FakeWorld.Items(0, log.Length).Select(item => item.Id), storage.Visible.Select(item => item.Id));
    }

    [Fact]
    [Trait("WayOut", "CDCF3052")]
    public async Task State_that_a_node_cannot_read_waits_for_the_program_that_wrote_it_or_is_given_up()
    {
        await RunAsync("Numbered");
        var said = await FailsTwiceAsync("Numbered", CheckpointErrorCodes.NodeStateUnreadable, new Total { IsOfAnotherForm = true });
        Assert.StartsWith($"Node 'Numbered' cannot read the state that checkpoint {storage.Marker} holds for it", said.Happened, StringComparison.Ordinal);
        Assert.StartsWith("Run the version of the program that wrote it, or a later one that reads it; or have the pipeline begin afresh, with an empty state: `run --restore-from none`", said.Fix, StringComparison.Ordinal);

        await RunAsync("Numbered");
        AssertNumbered(6);

        await FailsTwiceAsync("Numbered", CheckpointErrorCodes.NodeStateUnreadable, new Total { IsOfAnotherForm = true });
        await RunAsync("Numbered", new RecoveryOverride(null), new Total { IsOfAnotherForm = true });
        Assert.Equal(Enumerable.Range(1, log.Length), storage.Visible.TakeLast(log.Length).Select(item => item.Version));
    }

    [Theory, InlineData(true), InlineData(false)]
    [Trait("WayOut", "CDCF3050")]
    public async Task Side_file_that_is_lost_is_brought_back_or_the_user_says_where_to_begin(bool isDeleted)
    {
        await RunAsync("Numbered");
        var older = storage.Marker!.Value;
        var kept = SideFiles;
        await RunAsync("Numbered");
        var lost = Assert.Single(SideFiles.Except(kept));
        var content = disk.Contents[lost];
        Lose(lost, isDeleted);

        var said = await FailsTwiceAsync("Numbered", CheckpointErrorCodes.SideFileLost);
        Assert.StartsWith($"Checkpoint {storage.Marker} cannot be restored: its side file {Path.GetFileName(lost)[..64]}@", said.Happened, StringComparison.Ordinal);
        Assert.StartsWith("Bring the side file back from a backup of the store; or say yourself where to begin: `run --restore-from ID@EPOCH`", said.Fix, StringComparison.Ordinal);
        disk.Put(lost, content);
        await RunAsync("Numbered");
        AssertNumbered(9);

        Lose(SideFiles.Except(kept).First(path => path != lost), isDeleted);
        await FailsTwiceAsync("Numbered", CheckpointErrorCodes.SideFileLost);
        await RunAsync("Numbered", new RecoveryOverride(older)); // rows appear twice
        Assert.Equal(Enumerable.Range(4, log.Length - 3), storage.Visible.TakeLast(log.Length - 3).Select(item => item.Version));
        await RunAsync("Numbered");
        Assert.Equal(log.Length, storage.Visible[^1].Version);

        Lose(SideFiles.Except(kept).Last(), isDeleted);
        await RunAsync("Numbered", new RecoveryOverride(null));
        Assert.Equal(Enumerable.Range(1, log.Length), storage.Visible.TakeLast(log.Length).Select(item => item.Version));
    }

    private void Lose(string path, bool isDeleted)
    {
        if (isDeleted)
        {
            new SimulatedFileSystem(disk).Delete(path);
        }
        else
        {
            disk.Put(path, "torn"u8);
        }
    }

    private void AssertNumbered(int count) => Assert.Equal(FakeWorld.Items(0, count).Select(item => item with { Version = item.Id + 1 }), storage.Visible);

    private async Task<CdcFlowException> FailsTwiceAsync(string? node, string code, Total? total = null)
    {
        CdcFlowException? said = null;
        for (var start = 0; start < 2; start++)
        {
            if (code != CheckpointErrorCodes.NodeStateUnreadable)
            {
                var told = (await Runner(node, null, new Total()).PreflightAsync(Cancelled)).SelectMany(report => report.Checks);
                Assert.Single(told, check => check.Status == PreflightStatus.Failed && check.Code == code);
            }

            said = await Assert.ThrowsAsync<CdcFlowException>(() => Runner(node, null, total ?? new Total()).RunAsync(Cancelled));
            Assert.Equal(code, said.Code);
        }

        return said!;
    }

    /// <summary>Three more items, read and committed by a run that ends by itself.</summary>
    private async Task RunAsync(string? node, RecoveryOverride? recoverFrom = null, Total? total = null)
    {
        log.Feed(FakeWorld.Items(log.Length, 3));
        await Runner(node, recoverFrom, total ?? new Total()).RunAsync(Cancelled);
    }

    private PipelineRunner Runner(string? node, RecoveryOverride? recoverFrom, Total total) =>
        world.Runner(builder => Build(builder, node, total), FakeWorld.UntilCaughtUp with { RecoverFrom = recoverFrom, OnDefinitionChange = OnDefinitionChange.Warn });

    private static void Build(PipelineBuilder builder, string? node, Total total)
    {
        var items = builder.Source<Item, ItemCodec>("Items", new FakeSourceAttribute("in"));
        if (node is not null)
        {
            var stage = builder.Stage(node, items);
            var output = stage.Output<Item>(node);
            stage.Keep(node, total);
            stage.Run(new NumberItems(output.Collector, total));
            items = output.Stream;
        }

        builder.Sink<Item, ItemCodec>("out", items, new FakeSinkAttribute("out"));
    }
}
