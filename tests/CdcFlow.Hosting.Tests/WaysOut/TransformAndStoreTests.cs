using CdcFlow.Checkpointing;
using CdcFlow.Runtime;
using CdcFlow.Sinks;
using CdcFlow.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CdcFlow.Hosting.Tests.WaysOut;

/// <summary>Errors that recur at every start, and what their messages say, done word by word with the program.</summary>
public sealed class TransformAndStoreTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("cdcflow-ways-").FullName;

    private string Store => Path.Combine(directory, "store");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    [Trait("WayOut", "CDCF2003")]
    public async Task Transform_that_throws_is_fixed_and_the_row_comes_again()
    {
        MistakenPipeline.IsFixed = false;
        InMemoryDatabase.Named("mistaken-db").Snapshot(new Item(1, "one"), new Item(2, "no")).EndSnapshot<Item>();
        for (var start = 0; start < 2; start++)
        {
            var failed = await RunAsync<MistakenPipeline>("mistaken");
            Assert.Equal(ExitCode.Failed, failed.Code);
            Assert.Contains(ErrorCodes.TransformFailed, failed.All, StringComparison.Ordinal);
        }

        MistakenPipeline.IsFixed = true;
        Assert.Equal(ExitCode.Ok, (await RunAsync<MistakenPipeline>("mistaken")).Code);
        Assert.Equal(2, InMemorySinkServer.Named("mistaken-out", SinkKind.Transactional).Rows("mistaken-out").Count);
    }

    [Fact]
    [Trait("WayOut", "CDCF3007")]
    public async Task Damaged_checkpoint_is_replaced_by_an_older_one_that_the_list_names_or_by_none_where_the_source_has_forgotten_what_follows_it()
    {
        var database = InMemoryDatabase.Named("damaged-db").Snapshot(new Item(1, "one")).EndSnapshot<Item>();
        Assert.Equal(ExitCode.Ok, (await RunAsync<DamagedPipeline>("damaged")).Code);
        database.Transaction(transaction => transaction.Insert(new Item(2, "two")));
        Assert.Equal(ExitCode.Ok, (await RunAsync<DamagedPipeline>("damaged")).Code);
        var newest = Directory.GetFiles(Store, "*.checkpoint").Order(StringComparer.Ordinal).Last();
        await File.WriteAllTextAsync(newest, "damaged", TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Failed, (await RunAsync<DamagedPipeline>("damaged")).Code);
        var refused = await RunAsync<DamagedPipeline>("damaged");
        Assert.Contains(CheckpointErrorCodes.Damaged, refused.All, StringComparison.Ordinal);
        Assert.Contains("`run --restore-from ID@EPOCH`", refused.All, StringComparison.Ordinal);
        var list = await ProgramRun.OfAsync<DamagedPipeline>(["checkpoints", "list", "--set", $"CdcFlow:damaged:Checkpoint:Store={Store}"]);
        var older = list.Output.Split('\n').First(line => line.Contains("committed", StringComparison.Ordinal)).Split(' ')[0];

        Assert.Contains("`none` to begin afresh", refused.All, StringComparison.Ordinal);
        Assert.Equal(ExitCode.PositionLost, (await RunAsync<DamagedPipeline>("damaged", "--restore-from", older)).Code);
        var run = await RunAsync<DamagedPipeline>("damaged", "--restore-from", "none");
        Assert.True(run.Code == ExitCode.Ok, run.All);
        Assert.Equal(2, InMemorySinkServer.Named("damaged-out", SinkKind.Transactional).Rows("damaged-out").Count);
        Assert.Equal(ExitCode.Ok, (await RunAsync<DamagedPipeline>("damaged")).Code);
    }

    [Fact]
    [Trait("WayOut", "CDCF3023")]
    public async Task Store_that_vanishes_under_a_running_pipeline_stops_it_and_is_brought_back()
    {
        var database = InMemoryDatabase.Named("vanishing-db").Snapshot(new Item(1, "one")).EndSnapshot<Item>();
        using var stop = new CancellationTokenSource();
        var runner = new TaskCompletionSource<PipelineRunner>(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = ProgramRun.OfAsync<VanishingPipeline>(
            ["run", "--set", $"CdcFlow:vanishing:Checkpoint:Store={Store}", "--set", "CdcFlow:vanishing:Checkpoint:Interval=1h"], builder => builder.Services.AddSingleton<IHostedService>(services => new Probe(services, runner)), stop);
        await (await runner.Task).CheckpointAsync(TestContext.Current.CancellationToken);

        Directory.Move(Store, $"{Store}.away");
        database.Transaction(transaction => transaction.Insert(new Item(2, "two")));
        await Assert.ThrowsAsync<CdcFlowException>(async () => await (await runner.Task).CheckpointAsync(TestContext.Current.CancellationToken));
        var stopped = await running;
        Assert.Equal(ExitCode.Failed, stopped.Code);
        Assert.Contains(CheckpointErrorCodes.StoreVanished, stopped.All, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Store));

        Directory.Move($"{Store}.away", Store);
        Assert.Equal(ExitCode.Ok, (await RunAsync<VanishingPipeline>("vanishing")).Code);
        Assert.Equal(2, InMemorySinkServer.Named("vanishing-out", SinkKind.Transactional).Rows("vanishing-out").Count);
    }

    private Task<ProgramRun> RunAsync<TPipeline>(string name, params string[] options)
        where TPipeline : ICdcPipeline<TPipeline> =>
        ProgramRun.OfAsync<TPipeline>(["run", "--until-caught-up", .. options, "--set", $"CdcFlow:{name}:Checkpoint:Store={Store}"]);

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
