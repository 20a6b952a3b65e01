using CdcFlow.Checkpointing;
using CdcFlow.Runtime;
using CdcFlow.Sinks;
using CdcFlow.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CdcFlow.Hosting.Tests.WaysOut;

/// <summary>What ends a run again and again, and what its message says, done.</summary>
public sealed class RunTests : WayOutTest
{
    [Fact]
    [Trait("WayOut", "CDCF3001")]
    public async Task Instance_that_found_another_one_running_works_once_that_one_has_stopped()
    {
        var database = Database("held-db");
        using var stop = new CancellationTokenSource();
        var running = new TaskCompletionSource<PipelineRunner>(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = ProgramRun.OfAsync<HeldPipeline>(
            ["run", "--set", $"CdcFlow:held:Checkpoint:Store={Store}"], builder => builder.Services.AddSingleton<IHostedService>(services => new Probe(services, running)), stop);
        await (await running.Task).CheckpointAsync(Cancelled);
        string[] options = ["--set", "CdcFlow:held:Checkpoint:LeaseWait=00:00:00"];
        var said = await FailsTwiceAsync<HeldPipeline>(CheckpointErrorCodes.LeaseHeld, ExitCode.Failed, options);
        Assert.Contains("Stop that process first, or let it work", said, StringComparison.Ordinal);

        await stop.CancelAsync();
        Assert.Equal(ExitCode.Ok, (await first).Code);
        Insert(database, 2);
        await GoesOnAsync<HeldPipeline>(options);
        AssertSame(database, "held-out");
    }

    [Fact]
    [Trait("WayOut", "CDCF1099")]
    public async Task Error_that_nobody_foresaw_has_a_code_and_its_stack_trace_on_demand_and_the_previous_version_goes_on()
    {
        var database = Database("failing-db");
        var faults = InMemorySinkServer.Named("failing-out", SinkKind.Transactional).Faults;
        for (var times = 0; times < 3; times++)
        {
            faults.Add(SinkOperation.Write, new InvalidOperationException("Unforeseen."), afterEffect: false);
        }

        var said = await FailsTwiceAsync<FailingPipeline>(HostingErrorCodes.Unforeseen);
        Assert.Contains("CDCF1099: InvalidOperationException. Run again with --verbose", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.Contains("   at ", (await RunAsync<FailingPipeline>("--verbose")).All, StringComparison.Ordinal);
        await GoesOnAsync<FailingPipeline>();
        AssertSame(database, "failing-out");
    }

    [Fact]
    [Trait("WayOut", "CDCF2012")]
    public async Task Cause_of_too_many_restarts_is_fixed_and_the_pipeline_goes_on()
    {
        var database = Database("later-db");
        var faults = InMemorySinkServer.Named("later-out", SinkKind.Transactional).Faults;
        for (var times = 0; times < 2 * (1 + 3); times++)
        {
            faults.Add(SinkOperation.Write, new IOException("The network is down."), afterEffect: false);
        }

        string[] options = ["--set", "CdcFlow:later:Restart:RestartsMax=3"];
        var said = await FailsTwiceAsync<LaterPipeline>(RuntimeErrorCodes.RestartLimit, ExitCode.Failed, options);
        Assert.Contains("The network is down. Fix the cause and start the pipeline", said, StringComparison.Ordinal);
        await GoesOnAsync<LaterPipeline>(options);
        AssertSame(database, "later-out");
    }

    [Fact]
    [Trait("WayOut", "CDCF2032")]
    public async Task Place_to_skip_to_is_given_to_a_connection_that_has_places_or_left_out()
    {
        var database = Database("local-db");
        var said = await FailsTwiceAsync<LocalPipeline>(ErrorCodes.SkipUnknown, ExitCode.Failed, "--skip-to", "nowhere=1/2");
        Assert.Contains("Its sources' connections are: local-db.", said, StringComparison.Ordinal);
        said = await FailsTwiceAsync<LocalPipeline>(ErrorCodes.SkipUnknown, ExitCode.Failed, "--skip-to", "local-db=1/2");
        Assert.Contains("Start without --skip-to.", said, StringComparison.Ordinal);
        await GoesOnAsync<LocalPipeline>();
        AssertSame(database, "local-out");
    }

    [Fact]
    [Trait("WayOut", "CDCF5901")]
    public async Task Log_that_is_lost_is_gone_on_without_by_a_fresh_start()
    {
        var database = Database("forgetful-db");
        await GoesOnAsync<ForgetfulPipeline>();
        Insert(database, 2);
        database.LoseLog();
        var said = await FailsTwiceAsync<ForgetfulPipeline>(InMemoryErrorCodes.LogLost, ExitCode.PositionLost);
        Assert.Contains("`run --restore-from none` reads the tables again", said, StringComparison.Ordinal);
        await GoesOnAsync<ForgetfulPipeline>("--restore-from", "none");
        AssertSame(database, "forgetful-out");
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
