using CdcFlow.Checkpointing;
using CdcFlow.Runtime;
using CdcFlow.Sinks;
using CdcFlow.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CdcFlow.Hosting.Tests;

/// <summary>The whole program, from its command line to its exit code, in memory.</summary>
public sealed class RunTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("cdcflow-host-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Bounded_run_commits_everything_ends_with_0_and_the_next_one_goes_on()
    {
        var database = InMemoryDatabase.Named("bounded-db").Snapshot(new Item(1, "one"), new Item(2, "two")).EndSnapshot<Item>();
        var sink = InMemorySinkServer.Named("bounded-out", SinkKind.Transactional);

        var first = await RunAsync<BoundedPipeline>("bounded", ["--until-caught-up"]);
        Assert.True(first.Code == ExitCode.Ok, first.All);
        Assert.Equal(2, sink.Rows("bounded-out").Count);
        Assert.Contains("starts afresh", first.Error, StringComparison.Ordinal);

        database.Transaction(transaction => transaction.Insert(new Item(3, "three")));
        var second = await RunAsync<BoundedPipeline>("bounded", ["--until-caught-up", "--no-progress"]);
        Assert.True(second.Code == ExitCode.Ok, second.All);
        Assert.Equal(3, sink.Rows("bounded-out").Count);
        Assert.Contains("goes on from checkpoint", second.Error, StringComparison.Ordinal);

        await AssertCheckpointsCanBeLookedAtAsync();
    }

    [Fact]
    public async Task Stopped_run_makes_a_final_checkpoint_and_ends_with_0_and_a_second_instance_is_told_who_runs()
    {
        InMemoryDatabase.Named("stopped-db").EndSnapshot<Item>();
        var sink = InMemorySinkServer.Named("stopped-out", SinkKind.Transactional);
        using var stop = new CancellationTokenSource();
        var running = new TaskCompletionSource<PipelineRunner>(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = RunAsync<StoppedPipeline>("stopped", ["--set", "CdcFlow:stopped:Checkpoint:Interval=01:00:00"], Capture(running), stop);
        await (await running.Task).CheckpointAsync(TestContext.Current.CancellationToken);

        var second = await RunAsync<StoppedPipeline>("stopped", ["--set", "CdcFlow:stopped:Checkpoint:LeaseWait=00:00:00"]);
        Assert.Equal(ExitCode.Failed, second.Code);
        Assert.Contains(CheckpointErrorCodes.LeaseHeld, second.All, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", second.All, StringComparison.Ordinal);

        var commits = sink.Commits.Count;
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Ok, (await first).Code);
        Assert.Equal(commits + 1, sink.Commits.Count);
    }

    [Fact]
    public async Task Stop_while_it_waits_to_start_again_ends_with_0_and_says_what_had_failed()
    {
        InMemoryDatabase.Named("paused-db").Snapshot(new Item(1, "one")).EndSnapshot<Item>();
        var sink = InMemorySinkServer.Named("paused-out", SinkKind.Transactional);
        sink.Faults.Add(SinkOperation.Write, new IOException("The network is down."), afterEffect: false);
        using var stop = new CancellationTokenSource();

        var run = await RunAsync<PausedPipeline>(
            "paused", ["--set", "CdcFlow:paused:Restart:BackoffMin=01:00:00", "--set", "CdcFlow:paused:Restart:BackoffMax=01:00:00"], StopAt(eventId: 1003, stop), stop);

        Assert.True(run.Code == ExitCode.Ok, run.All);
        Assert.Contains("was stopped while it waited to start again, without a final checkpoint", run.Error, StringComparison.Ordinal);
        Assert.Contains("It had failed: The network is down.", run.Error, StringComparison.Ordinal);
        Assert.Empty(sink.Commits);
        Assert.True((await RunAsync<PausedPipeline>("paused", ["--until-caught-up"])).Code == ExitCode.Ok);
        Assert.Single(sink.Rows("paused-out"));
    }

    [Fact]
    public async Task Lost_position_ends_with_its_own_exit_code()
    {
        var database = InMemoryDatabase.Named("lost-db").EndSnapshot<Item>();
        Assert.Equal(ExitCode.Ok, (await RunAsync<LostPipeline>("lost", ["--until-caught-up"])).Code);
        database.Transaction(transaction => transaction.Insert(new Item(1, "one"))).LoseLog();

        var run = await RunAsync<LostPipeline>("lost", ["--until-caught-up"]);
        Assert.Equal(ExitCode.PositionLost, run.Code);
        Assert.Contains("its log is gone", run.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erased_store_is_refused_until_the_operator_says_where_to_begin()
    {
        InMemoryDatabase.Named("erased-db").Snapshot(new Item(1, "one")).EndSnapshot<Item>();
        Assert.Equal(ExitCode.Ok, (await RunAsync<ErasedPipeline>("erased", ["--until-caught-up"])).Code);
        foreach (var checkpoint in Directory.GetFiles(directory, "*.checkpoint"))
        {
            File.Delete(checkpoint);
        }

        var refused = await RunAsync<ErasedPipeline>("erased", ["--until-caught-up"]);
        Assert.Equal(ExitCode.Failed, refused.Code);
        Assert.Contains(CheckpointErrorCodes.MarkerAhead, refused.All, StringComparison.Ordinal);

        var run = await RunAsync<ErasedPipeline>("erased", ["--until-caught-up", "--restore-from", "none"]);
        Assert.True(run.Code == ExitCode.Ok, run.All);

        // No table of the in-memory source can be read again.
        var unknown = await RunAsync<ErasedPipeline>("erased", ["--until-caught-up", "--resnapshot", "nowhere", "public.neither"]);
        Assert.Equal(ExitCode.Failed, unknown.Code);
        Assert.Contains("--resnapshot names nowhere, public.neither, which no source of the pipeline reads", unknown.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Corrupt_or_foreign_checkpoint_ends_the_run_before_anything_is_read_or_written()
    {
        var database = InMemoryDatabase.Named("corrupt-db").Snapshot(new Item(1, "one")).EndSnapshot<Item>();
        Assert.Equal(ExitCode.Ok, (await RunAsync<CorruptPipeline>("corrupt", ["--until-caught-up"])).Code);
        database.Transaction(transaction => transaction.Insert(new Item(2, "two")));

        var foreign = await RunAsync<ForeignPipeline>("foreign", ["--until-caught-up"]);
        Assert.Equal(ExitCode.Failed, foreign.Code);
        Assert.Contains(CheckpointErrorCodes.ForeignPipeline, foreign.All, StringComparison.Ordinal);
        Assert.Empty(InMemorySinkServer.Named("foreign-out", SinkKind.Transactional).Written);

        var newest = Directory.GetFiles(directory, "*.checkpoint").Order(StringComparer.Ordinal).Last();
        var whole = await File.ReadAllBytesAsync(newest, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(newest, [.. whole[..^9], .. "damaged }"u8], TestContext.Current.CancellationToken);
        var corrupt = await RunAsync<CorruptPipeline>("corrupt", ["--until-caught-up"]);
        Assert.Equal(ExitCode.Failed, corrupt.Code);
        Assert.Contains(CheckpointErrorCodes.Damaged, corrupt.All, StringComparison.Ordinal);
        Assert.Single(InMemorySinkServer.Named("corrupt-out", SinkKind.Transactional).Written);

        await File.WriteAllBytesAsync(newest, whole, TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Ok, (await RunAsync<CorruptPipeline>("corrupt", ["--until-caught-up"])).Code);
        Assert.Equal(2, InMemorySinkServer.Named("corrupt-out", SinkKind.Transactional).Rows("corrupt-out").Count);
    }

    private async Task AssertCheckpointsCanBeLookedAtAsync()
    {
        var list = await CheckpointsAsync("list");
        Assert.Equal(ExitCode.Ok, list.Code);
        var newest = list.Output.Split('\n')[1].Split(' ')[0];
        Assert.Contains("committed", list.Output.Split('\n')[1], StringComparison.Ordinal);
        var inspect = await CheckpointsAsync("inspect", newest);
        Assert.Contains("\"pipeline\": \"bounded\"", inspect.Output, StringComparison.Ordinal);
        Assert.Equal(inspect.Output, (await CheckpointsAsync("inspect")).Output);
        Assert.StartsWith("[", (await CheckpointsAsync("list", "--json")).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, (await CheckpointsAsync("inspect", "99@99")).Code);
        Assert.Equal(ExitCode.Usage, (await CheckpointsAsync("inspect", "newest")).Code);
    }

    private Task<ProgramRun> CheckpointsAsync(params string[] args) =>
        ProgramRun.OfAsync<BoundedPipeline>(["checkpoints", .. args, "--set", $"CdcFlow:bounded:Checkpoint:Store={directory}"]);

    private Task<ProgramRun> RunAsync<TPipeline>(
        string name, string[] args, Action<IHostApplicationBuilder>? configure = null, CancellationTokenSource? stop = null)
        where TPipeline : ICdcPipeline<TPipeline> =>
        ProgramRun.OfAsync<TPipeline>(["run", .. args, "--set", $"CdcFlow:{name}:Checkpoint:Store={directory}"], configure, stop);

    private static Action<IHostApplicationBuilder> Capture(TaskCompletionSource<PipelineRunner> running) => builder =>
        builder.Services.AddSingleton<IHostedService>(services => new Probe(services, running));

    /// <summary>Stops the host when it logs an event.</summary>
    private static Action<IHostApplicationBuilder> StopAt(int eventId, CancellationTokenSource stop) => builder =>
        builder.Services.AddSingleton<ILoggerProvider>(new Listener(id => id.Id == eventId, stop.Cancel));

    private sealed class Listener(Func<EventId, bool> isAwaited, Action then) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (isAwaited(eventId))
            {
                then();
            }
        }

        public void Dispose()
        {
        }
    }

    private sealed class Probe(IServiceProvider services, TaskCompletionSource<PipelineRunner> running) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            running.TrySetResult(services.GetRequiredService<HostedPipeline>().Runner);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
