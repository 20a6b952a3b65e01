using CdcFlow.Checkpointing;
using CdcFlow.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CdcFlow.Hosting.Tests.WaysOut;

/// <summary>A program that is started with another store than its sinks know.</summary>
public sealed class TakeOverTests : WayOutTest
{
    private const string Afresh = "run --restore-from none --resnapshot lost";

    [Fact]
    [Trait("WayOut", "CDCF3030")]
    public async Task Start_by_mistake_harms_nobody_and_a_take_over_is_asked_for_and_ends_the_instance_that_runs()
    {
        var database = Database("owned-db");
        using var stop = new CancellationTokenSource();
        var running = new TaskCompletionSource<PipelineRunner>(TaskCreationOptions.RunContinuationsAsynchronously);
        var owner = ProgramRun.OfAsync<OwnedPipeline>(
            ["run", "--set", $"CdcFlow:owned:Checkpoint:Store={Store}.owner", "--set", "CdcFlow:owned:Checkpoint:Interval=1h"],
            builder => builder.Services.AddSingleton<IHostedService>(services => new Probe(services, running)), stop);
        await (await running.Task).CheckpointAsync(Cancelled);

        var said = await FailsTwiceAsync<OwnedPipeline>(CheckpointErrorCodes.ForeignStore);
        Assert.Contains("`takeover` shows whose the sinks are, makes this store their owner", said, StringComparison.Ordinal);
        await FailsTwiceAsync<OwnedPipeline>(CheckpointErrorCodes.ForeignStore, ExitCode.Failed, "--restore-from", "none");
        var checks = await ProgramRun.OfAsync<OwnedPipeline>(["validate", .. Settings<OwnedPipeline>()]);
        Assert.Equal(ExitCode.Invalid, checks.Code);
        Assert.Contains("✗ recovery: Sink 'owned-out' belongs to checkpoint store ", checks.Output, StringComparison.Ordinal);
        Insert(database, 2);
        await CheckpointAllAsync(database, await running.Task);
        Assert.Equal(ExitCode.Usage, (await TakeOverAsync(answer: null)).Code);
        var no = await TakeOverAsync(answer: "n");
        Assert.Equal((ExitCode.Failed, true), (no.Code, no.Output.EndsWith("Nothing was changed.\n", StringComparison.Ordinal)));
        await (await running.Task).CheckpointAsync(Cancelled);

        var yes = await TakeOverAsync(answer: "y");
        Assert.True(yes.Code == ExitCode.Ok, yes.All);
        Assert.Matches("Sink owned-out belongs to checkpoint store [0-9a-f]{32}: opened last by its epoch [0-9]+, last checkpoint [0-9]+@[0-9]+\\.", yes.Output);
        Assert.Contains(" is the owner of owned-out; whoever wrote there is fenced. ", yes.Output, StringComparison.Ordinal);
        await Assert.ThrowsAsync<CdcFlowException>(async () => await (await running.Task).CheckpointAsync(Cancelled));
        Assert.Equal(ExitCode.Fenced, (await owner).Code);
        Assert.Contains($"`{Afresh}`", yes.Output, StringComparison.Ordinal);
        await FailsTwiceAsync<OwnedPipeline>(CheckpointErrorCodes.MarkerAhead);
        await GoesOnAsync<OwnedPipeline>(Afresh.Split(' ')[1..3]); // a database in memory cannot read tables again
        AssertSame(database, "owned-out");
        Assert.Contains(" owns all sinks already; nothing was changed. `run` goes on from checkpoint ", (await TakeOverAsync(answer: null, "--yes")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_that_has_checkpoints_of_its_own_is_begun_from_the_newest_as_the_take_over_says()
    {
        var database = Database("contested-db");
        await GoesOnAsync<ContestedPipeline>();
        Insert(database, 2);
        var elsewhere = await ProgramRun.OfAsync<ContestedPipeline>(["takeover", "--yes", "--set", $"CdcFlow:contested:Checkpoint:Store={Store}.other"]);
        Assert.True(elsewhere.Code == ExitCode.Ok, elsewhere.All);
        await FailsTwiceAsync<ContestedPipeline>(CheckpointErrorCodes.ForeignStore);

        var back = await ProgramRun.OfAsync<ContestedPipeline>(["takeover", "--yes", .. Settings<ContestedPipeline>()]);
        Assert.Contains("`run` goes on from checkpoint ", back.Output, StringComparison.Ordinal);
        await GoesOnAsync<ContestedPipeline>();
        AssertSame(database, "contested-out");
        Assert.Contains("\nStore ", (await ProgramRun.OfAsync<ContestedPipeline>(["checkpoints", "list", .. Settings<ContestedPipeline>()])).Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("WayOut", "CDCF3034")]
    public async Task Store_whose_id_is_damaged_gets_a_new_one_and_takes_over_its_sinks()
    {
        var database = Database("nameless-db");
        await GoesOnAsync<NamelessPipeline>();
        var file = Path.Combine(Store, "store.id");
        var id = await File.ReadAllTextAsync(file, Cancelled);
        await File.WriteAllTextAsync(file, "no id", Cancelled);
        Insert(database, 2);
        var said = await FailsTwiceAsync<NamelessPipeline>(CheckpointErrorCodes.StoreIdDamaged);
        Assert.Contains("Bring the file back from a backup. If there is none, delete it", said, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, id, Cancelled);
        await GoesOnAsync<NamelessPipeline>();
        AssertSame(database, "nameless-out");

        File.Delete(file);
        Insert(database, 3);
        await FailsTwiceAsync<NamelessPipeline>(CheckpointErrorCodes.ForeignStore);
        Assert.Equal(ExitCode.Ok, (await ProgramRun.OfAsync<NamelessPipeline>(["takeover", "--yes", .. Settings<NamelessPipeline>()])).Code);
        await GoesOnAsync<NamelessPipeline>();
        AssertSame(database, "nameless-out");
    }

    private Task<ProgramRun> TakeOverAsync(string? answer, params string[] options) =>
        ProgramRun.OfAsync<OwnedPipeline>(["takeover", .. options, .. Settings<OwnedPipeline>()], answer: answer);

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
