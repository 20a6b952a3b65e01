using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpointing.Stores.Files;
using CdcFlow.Checkpoints;
using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Runtime.Tests.Checkpoints;

/// <summary>A running pipeline, and what its store holds or has no room for.</summary>
public sealed class StoreTests
{
    private readonly FakeWorld world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SinkKind.Transactional)]
    [InlineData(SinkKind.Staged)]
    [Trait("WayOut", "CDCF3011")]
    public void Full_disk_under_the_store_loses_and_doubles_nothing_once_there_is_room(SinkKind kind)
    {
        var process = world.Process = new SimulatedProcess(seed: null, DateTimeOffset.UnixEpoch);
        var disk = new SimulatedDisk();
        world.OtherStore = new FileCheckpointStore("test", "/checkpoints", new SimulatedFileSystem(disk, process.Step), process.Time);
        world.Log("in").Feed(FakeWorld.Items(0, 9));
        var storage = world.Storage("out", kind);
        using var stop = new CancellationTokenSource();
        var options = FakeWorld.ByHand with { Restart = new RestartOptions { BackoffMin = TimeSpan.FromSeconds(1), BackoffMax = TimeSpan.FromSeconds(1) } };
        var runner = world.Runner(PipelineRunnerTests.Straight, options);
        var run = runner.RunAsync(stop.Token);
        process.Run(() => storage.Written == 9, jump: false);

        disk.BytesFree = 10;
        var failed = runner.CheckpointAsync(CancellationToken.None);
        Assert.True(process.Run(() => failed.IsCompleted, jump: false));
        Assert.Equal("CDCF3011", Assert.IsType<CdcFlowException>(failed.Exception!.InnerException).Code);
        Assert.Empty(storage.Visible);
        Assert.True(process.Run(() => world.Observer.Restarts.Count > 2 * options.Restart.RestartsMax));
        Assert.All(world.Observer.Restarts, error => Assert.Equal("CDCF3011", Assert.IsType<CdcFlowException>(error).Code));

        disk.BytesFree = null;
        Assert.True(process.Run(() => storage.Written == 18));
        var checkpoint = runner.CheckpointAsync(CancellationToken.None);
        Assert.True(process.Run(() => checkpoint.IsCompleted, jump: false));
        stop.Cancel();
        Assert.True(process.Run(() => run.IsCompleted));
        Assert.True(run.IsCompletedSuccessfully, run.Exception?.ToString());
        Assert.Equal(FakeWorld.Items(0, 9), storage.Visible);
    }

    [Fact]
    public void Full_disk_ends_a_run_that_is_to_end_by_itself()
    {
        var process = world.Process = new SimulatedProcess(seed: null, DateTimeOffset.UnixEpoch);
        world.OtherStore = new FileCheckpointStore("test", "/checkpoints", new SimulatedFileSystem(new SimulatedDisk { BytesFree = 10 }, process.Step), process.Time);
        world.Log("in").Feed(FakeWorld.Items(0, 9));
        world.Storage("out", SinkKind.Transactional);

        var run = world.Runner(PipelineRunnerTests.Straight, FakeWorld.UntilCaughtUp).RunAsync(CancellationToken.None);

        Assert.True(process.Run(() => run.IsCompleted));
        var error = Assert.IsType<CdcFlowException>(run.Exception!.InnerException);
        Assert.Equal("CDCF2012", error.Code);
        Assert.Contains("CDCF3011", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("WayOut", "CDCF3016")]
    public async Task Changed_graph_goes_on_from_the_checkpoint_and_that_is_told()
    {
        var log = world.Log("in");
        log.Feed(FakeWorld.Items(0, 3));
        var storage = world.Storage("out", SinkKind.Transactional);
        await world.Runner(PipelineRunnerTests.Straight, FakeWorld.UntilCaughtUp).RunAsync(Cancelled);
        Assert.Empty(world.Observer.GraphChanges);

        log.Feed(FakeWorld.Items(3, 3));
        var last = storage.Marker!.Value;
        await ForgetDefinitionAsync(last);
        await world.Runner(PipelineRunnerTests.Straight, FakeWorld.UntilCaughtUp, new GraphNode("Items", GraphNodeKind.Source, "Item")).RunAsync(Cancelled);

        Assert.Equal([last], world.Observer.GraphChanges);
        Assert.Contains("that of this program is taken", Assert.Single(world.Observer.Notes), StringComparison.Ordinal);
        Assert.Equal(FakeWorld.Items(0, 6), storage.Visible);
        Assert.NotNull((await ManifestAsync(storage.Marker!.Value)).Definition);
    }

    [Fact]
    public async Task Graph_that_changes_no_row_goes_on_without_a_word()
    {
        var log = world.Log("in");
        log.Feed(FakeWorld.Items(0, 3));
        var storage = world.Storage("out", SinkKind.Transactional);
        await world.Runner(PipelineRunnerTests.Straight, FakeWorld.UntilCaughtUp).RunAsync(Cancelled);

        log.Feed(FakeWorld.Items(3, 3));
        await world.Runner(PipelineRunnerTests.Straight, FakeWorld.UntilCaughtUp, new GraphNode("Items", GraphNodeKind.Source, "Item")).RunAsync(Cancelled);

        Assert.Empty(world.Observer.GraphChanges);
        Assert.Empty(world.Observer.Notes);
        Assert.Equal(FakeWorld.Items(0, 6), storage.Visible);
    }

    [Fact]
    public async Task Renamed_source_is_refused_before_it_reads_its_tables_anew()
    {
        world.Log("in").Feed(FakeWorld.Items(0, 3));
        world.Storage("out", SinkKind.Transactional);
        await world.Runner(PipelineRunnerTests.Straight, FakeWorld.UntilCaughtUp).RunAsync(Cancelled);

        var renamed = world.Log("renamed");
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => world.Runner(
            builder => builder.Sink<Item, ItemCodec>("out", builder.Source<Item, ItemCodec>("Items", new FakeSourceAttribute("renamed")), new FakeSinkAttribute("out")),
            FakeWorld.UntilCaughtUp).RunAsync(Cancelled));

        Assert.Equal("CDCF3017", error.Code);
        Assert.Contains("source 'in'", error.Message, StringComparison.Ordinal);
        Assert.Empty(renamed.OpenedAt);
    }

    [Fact]
    [Trait("WayOut", "CDCF3010")]
    public async Task Disk_that_did_not_confirm_is_replaced_and_the_pipeline_goes_on_from_what_is_durable()
    {
        var isBroken = false;
        world.OtherStore = new FileCheckpointStore(
            "test",
            "/checkpoints",
            new SimulatedFileSystem(new SimulatedDisk(), step => _ = isBroken && step.StartsWith("sync", StringComparison.Ordinal) && step.Contains("checkpoint", StringComparison.Ordinal)
                ? throw new IOException("Input/output error", 5)
                : 0),
            TimeProvider.System);
        var log = world.Log("in");
        log.Feed(FakeWorld.Items(0, 3));
        var storage = world.Storage("out", SinkKind.Transactional);
        await world.Runner(PipelineRunnerTests.Straight, FakeWorld.UntilCaughtUp).RunAsync(Cancelled);
        log.Feed(FakeWorld.Items(3, 3));

        isBroken = true;
        var error = await FailsTwiceAsync("CDCF3010");
        Assert.Contains("then start the pipeline again; it goes on from the last durable checkpoint", error.Fix, StringComparison.Ordinal);
        Assert.Equal(FakeWorld.Items(0, 3), storage.Visible);
        isBroken = false;
        await world.Runner(PipelineRunnerTests.Straight, FakeWorld.UntilCaughtUp).RunAsync(Cancelled);
        Assert.Equal(FakeWorld.Items(0, 6), storage.Visible);
    }

    [Fact]
    [Trait("WayOut", "CDCF3014")]
    public async Task State_that_has_grown_without_bound_is_begun_afresh()
    {
        world.OtherStore = new FileCheckpointStore("test", "/checkpoints", new SimulatedFileSystem(new SimulatedDisk()), TimeProvider.System);
        var log = world.Log("in");
        log.Feed(FakeWorld.Items(0, 3));
        var storage = world.Storage("out", SinkKind.Transactional);
        await world.Runner(PipelineRunnerTests.Straight, FakeWorld.UntilCaughtUp).RunAsync(Cancelled);
        log.Feed(FakeWorld.Items(3, 3));

        log.StateBytes = 64 << 20;
        var error = await FailsTwiceAsync("CDCF3014");
        Assert.Contains("`run --restore-from none` begins afresh", error.Fix, StringComparison.Ordinal);
        log.StateBytes = 0;
        await world.Runner(PipelineRunnerTests.Straight, FakeWorld.UntilCaughtUp with { RecoverFrom = new RecoveryOverride(null) }).RunAsync(Cancelled);
        Assert.Equal(0, log.OpenedAt[^1]);
        Assert.Equal(FakeWorld.Items(0, 6), storage.Visible.Distinct());
    }

    private async Task<CdcFlowException> FailsTwiceAsync(string code)
    {
        var error = new CdcFlowException("", "");
        for (var start = 0; start < 2; start++)
        {
            error = await Assert.ThrowsAsync<CdcFlowException>(() => world.Runner(PipelineRunnerTests.Straight, FakeWorld.UntilCaughtUp).RunAsync(Cancelled));
            Assert.Equal(code, error.Code);
        }

        Assert.Empty(world.Observer.Restarts);
        return error;
    }

    /// <summary>As a version wrote it that kept no definition.</summary>
    private async Task ForgetDefinitionAsync(CheckpointRef checkpoint)
    {
        await using var lease = await world.Store.AcquireAsync(LeaseHolder.Current(), Cancelled);
        await lease.WriteAsync(await ManifestAsync(checkpoint) with { Definition = null }, Cancelled);
    }

    private async Task<CheckpointManifest> ManifestAsync(CheckpointRef checkpoint) =>
        Assert.IsType<ReadableCheckpoint>(await world.Store.LoadAsync(checkpoint, Cancelled)).Manifest;
}
