using CdcFlow.Runtime.Tests.Fakes;
using CdcFlow.Sinks;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Runtime.Tests.Checkpoints;

/// <summary>A commit that does not come back: its outcome is unknown, so the pipeline ends the attempt and asks the marker.</summary>
public sealed class CommitTimeoutTests
{
    private static readonly PipelineOptions impatient = FakeWorld.ByHand with { CheckpointTimeout = TimeSpan.FromSeconds(5) };

    private readonly SimulatedProcess process = new(seed: null, DateTimeOffset.UnixEpoch);
    private readonly FakeWorld world;
    private readonly FakeStorage storage;

    public CommitTimeoutTests()
    {
        world = new FakeWorld { Process = process };
        world.Log("in").Feed(FakeWorld.Items(0, 3));
        storage = world.Storage("out", SinkKind.Transactional);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("WayOut", "CDCF3022")]
    public void Commit_that_hangs_is_a_fault_and_after_the_restart_its_marker_decides(bool hadCommitted)
    {
        var calls = 0;
        storage.Before = (call, token) => call == "commit" && !hadCommitted && calls++ == 0 ? HangAsync(token) : Task.CompletedTask;
        storage.AfterCommit = token => hadCommitted && calls++ == 0 ? HangAsync(token) : Task.CompletedTask;
        using var stop = new CancellationTokenSource();
        var runner = world.Runner(PipelineRunnerTests.Straight, impatient);
        var run = runner.RunAsync(stop.Token);
        process.Run(() => storage.Written == 3, jump: false);

        var checkpoint = runner.CheckpointAsync(CancellationToken.None);
        Assert.True(process.Run(() => checkpoint.IsCompleted));

        var error = Assert.IsType<CdcFlowException>(checkpoint.Exception!.InnerException);
        Assert.Equal("CDCF3022", error.Code);
        Assert.Contains(": out did not answer", error.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(5), process.Time.GetUtcNow() - DateTimeOffset.UnixEpoch);
        Assert.True(process.Run(() => world.Observer.Started.Count == 2 && storage.Written == (hadCommitted ? 3 : 6)));
        Assert.Equal(hadCommitted, world.Observer.Started[1] is not null);
        Assert.Equal(1, runner.Nodes.Single(node => node.Id == "out").Failures);
        stop.Cancel();
        Assert.True(process.Run(() => run.IsCompleted));
        Assert.True(run.IsCompletedSuccessfully, run.Exception?.ToString());
        Assert.Equal(FakeWorld.Items(0, 3), storage.Visible);
    }

    [Fact]
    [Trait("WayOut", "CDCF2013")]
    public void Commit_that_ignores_its_cancellation_ends_the_pipeline_and_nothing_runs_beside_it()
    {
        var goesOn = new TaskCompletionSource();
        storage.Before = (call, _) => call == "commit" ? goesOn.Task : Task.CompletedTask;
        var runner = world.Runner(PipelineRunnerTests.Straight, impatient with { Boundedness = Sources.Boundedness.UntilCaughtUp });
        var run = runner.RunAsync(CancellationToken.None);
        Assert.True(process.Run(() => run.IsCompleted));

        var error = Assert.IsType<CdcFlowException>(run.Exception!.InnerException);
        Assert.Equal("CDCF2013", error.Code);
        Assert.Contains(" at out.", error.Message, StringComparison.Ordinal);
        Assert.Contains("CDCF3022", error.Message, StringComparison.Ordinal);
        Assert.Single(world.Observer.Started);
        Assert.Empty(world.Observer.Restarts);

        // It may yet succeed; whoever starts next finds its marker.
        goesOn.SetResult();
        process.Run(() => false);
        world.Store.AbandonLease();
        storage.Before = (_, _) => Task.CompletedTask;
        var next = world.Runner(PipelineRunnerTests.Straight, FakeWorld.UntilCaughtUp).RunAsync(CancellationToken.None);
        Assert.True(process.Run(() => next.IsCompleted));
        Assert.True(next.IsCompletedSuccessfully, next.Exception?.ToString());
        Assert.Equal(FakeWorld.Items(0, 3), storage.Visible);
    }

    [Fact]
    public void Commit_that_hangs_during_recovery_is_a_fault_too()
    {
        var opens = 0;
        storage.Before = (call, token) => call == "open" && opens++ == 0 ? HangAsync(token) : Task.CompletedTask;
        var runner = world.Runner(PipelineRunnerTests.Straight, impatient with { Boundedness = Sources.Boundedness.UntilCaughtUp });
        var run = runner.RunAsync(CancellationToken.None);

        Assert.True(process.Run(() => run.IsCompleted));

        Assert.True(run.IsCompletedSuccessfully, run.Exception?.ToString());
        var error = Assert.IsType<CdcFlowException>(Assert.Single(world.Observer.Restarts));
        Assert.Equal("CDCF3022", error.Code);
        Assert.Contains(": out did not answer", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, runner.Nodes.Single(node => node.Id == "out").Failures);
        Assert.Equal(FakeWorld.Items(0, 3), storage.Visible);
    }

    private static Task HangAsync(CancellationToken token)
    {
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(() => never.TrySetCanceled(token));
        return never.Task;
    }
}
