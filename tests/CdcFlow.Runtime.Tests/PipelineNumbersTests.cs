using CdcFlow.Batches;
using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Runtime.Tests;

/// <summary>What a pipeline counts and measures of itself.</summary>
public sealed class PipelineNumbersTests
{
    private readonly FakeWorld world = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Counts_of_every_node_go_on_through_a_restart()
    {
        world.Log("in").Feed(FakeWorld.Items(0, 100));
        var failures = 1;
        world.Storage("out", SinkKind.Transactional).Before =
            (call, _) => call == "commit" && failures-- == 1 ? Task.FromException(new IOException("gone")) : Task.CompletedTask;
        var runner = world.Runner(PipelineRunnerTests.Straight, FakeWorld.UntilCaughtUp);

        await runner.RunAsync(Cancelled);

        Assert.Equal([("Items", 0, 200), ("out", 200, 0)], runner.Nodes.Select(node => (node.Id, (int)node.RowsIn, (int)node.RowsOut)));
        Assert.All(runner.Nodes, node => Assert.Equal(0, node.QueueLength));
    }

    [Fact]
    public async Task Sources_count_by_operation_and_sink_connections_their_failures()
    {
        world.Log("in").Feed(FakeWorld.Items(0, 10));
        var failures = 1;
        world.Storage("out", SinkKind.Transactional).Before =
            (call, _) => call == "prepare" && failures-- == 1 ? Task.FromException(new IOException("gone")) : Task.CompletedTask;
        var runner = world.Runner(PipelineRunnerTests.Straight, FakeWorld.UntilCaughtUp);

        await runner.RunAsync(Cancelled);

        Assert.Equal(new OperationCounts(0, Inserts: 20, 0, 0, 0), runner.Nodes.Single(node => node.Id == "Items").Read);
        Assert.Equal([("Items", false, 0), ("out", true, 1)], runner.Nodes.Select(node => (node.Id, node.IsSinkConnection, (int)node.Failures)));
    }

    [Fact]
    public void Delivery_delay_is_from_the_oldest_commit_of_what_a_checkpoint_commits_given_up_ones_included()
    {
        var process = world.Process = new SimulatedProcess(seed: null, DateTimeOffset.UnixEpoch);
        var log = world.Log("in");
        log.CommittedAt = DateTimeOffset.UnixEpoch - TimeSpan.FromSeconds(3);
        log.Feed(FakeWorld.Items(0, 3));
        var goesOn = new TaskCompletionSource();
        var storage = world.Storage("out", SinkKind.Transactional);
        storage.Before = (call, _) => call == "prepare" ? goesOn.Task : Task.CompletedTask;
        using var stop = new CancellationTokenSource();
        var runner = world.Runner(PipelineRunnerTests.Straight, FakeWorld.ByHand with { CheckpointTimeout = TimeSpan.FromSeconds(5) });
        var run = runner.RunAsync(stop.Token);
        process.Run(() => storage.Written == 3, jump: false);

        var aborted = runner.CheckpointAsync(CancellationToken.None);
        Assert.True(process.Run(() => aborted.IsCompleted));
        goesOn.SetResult();
        var committed = runner.CheckpointAsync(CancellationToken.None);
        Assert.True(process.Run(() => committed.IsCompleted, jump: false));
        var empty = runner.CheckpointAsync(CancellationToken.None);
        Assert.True(process.Run(() => empty.IsCompleted, jump: false));

        Assert.Equal([null, TimeSpan.FromSeconds(8), null], runner.History.Select(report => report.DeliveryDelay));
        stop.Cancel();
        Assert.True(process.Run(() => run.IsCompleted));
    }
}
