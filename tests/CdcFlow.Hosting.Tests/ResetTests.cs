using CdcFlow.Checkpointing;
using CdcFlow.Hosting.Tests.WaysOut;
using CdcFlow.Runtime;
using CdcFlow.Sinks;
using CdcFlow.Testing;

namespace CdcFlow.Hosting.Tests;

/// <summary><c>reset</c>: what is taken away, in which order, and what the next start does.</summary>
public sealed class ResetTests : WayOutTest
{
    private string Files => $"{Store}.files";

    private string Folder => Path.Combine(Files, "audit");

    [Fact]
    public async Task Pipeline_is_as_if_it_had_never_run_but_for_its_rows()
    {
        var database = Database("emptied-db");
        var connection = new[] { "--set", $"ConnectionStrings:emptied-files={Files}" };
        await GoesOnAsync<EmptiedPipeline>(connection);
        Insert(database, 2);
        await GoesOnAsync<EmptiedPipeline>(connection);
        var files = Directory.GetFiles(Folder, "*.jsonl").Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();

        var nobody = await ResetAsync<EmptiedPipeline>(answer: null, connection);
        Assert.Equal(ExitCode.Usage, nobody.Code);
        var no = await ResetAsync<EmptiedPipeline>("n", connection);
        Assert.Equal((ExitCode.Failed, true), (no.Code, no.Output.EndsWith("Nothing was changed.\n", StringComparison.Ordinal)));
        Assert.Contains("takes away: marker (sink emptied-out)\n", no.Output, StringComparison.Ordinal);
        Assert.Contains($"gone already: unpublished files in '{Folder}' (sink emptied-files)\n", no.Output, StringComparison.Ordinal);
        Assert.Contains($"takes away: owner's file '{Path.Combine(Files, ".emptied.emptied-files.owner")}' (sink emptied-files): published files stay\n", no.Output, StringComparison.Ordinal);
        Assert.Contains($"takes away: checkpoints and id of the store in {Store}\n", no.Output, StringComparison.Ordinal);
        Assert.Contains("stays: every row in the sinks\n", no.Output, StringComparison.Ordinal);
        Assert.Contains("Sinks that keep every row they ever got (audit) get all rows once more", no.Output, StringComparison.Ordinal);
        await GoesOnAsync<EmptiedPipeline>(connection);

        var yes = await ResetAsync<EmptiedPipeline>("y", connection);
        Assert.True(yes.Code == ExitCode.Ok, yes.All);
        Assert.Contains("taken away: marker (sink emptied-out)\n", yes.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Store, "*.checkpoint"));
        Assert.False(File.Exists(Path.Combine(Store, "store.id")));
        Assert.Equal(files, Directory.GetFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        AssertSame(database, "emptied-out");
        var again = await ResetAsync<EmptiedPipeline>(answer: null, [.. connection, "--yes"]);
        Assert.Equal(ExitCode.Ok, again.Code);
        Assert.EndsWith("Nothing is left to take away, and nothing was changed.\n", again.Output, StringComparison.Ordinal);

        Insert(database, 3);
        await GoesOnAsync<EmptiedPipeline>(connection);
        AssertSame(database, "emptied-out");
        var later = Directory.GetFiles(Folder, "*.jsonl").Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(files, later[..files.Count]); // names go on above those of before, so that readers find all in order
        Assert.Equal(5, (await Task.WhenAll(Directory.GetFiles(Folder, "*.jsonl").Select(file => File.ReadAllLinesAsync(file, Cancelled)))).Sum(lines => lines.Length));
    }

    [Fact]
    public async Task Instance_that_runs_keeps_everything()
    {
        var database = Database("guarded-db");
        await using var running = await RunningProgram.StartAsync<GuardedPipeline>(Settings<GuardedPipeline>());
        await running.Runner.CheckpointAsync(Cancelled);
        var refused = await ResetAsync<GuardedPipeline>(answer: null, "--yes");
        Assert.Equal(ExitCode.Failed, refused.Code);
        Assert.Contains(CheckpointErrorCodes.LeaseHeld, refused.Error, StringComparison.Ordinal);
        Assert.Contains("stop it in good order (SIGTERM), then `reset` again", refused.Error, StringComparison.Ordinal);
        Insert(database, 2);
        await CheckpointAllAsync(database, running.Runner);
        Assert.Equal(ExitCode.Ok, (await running.StopAsync()).Code);
        AssertSame(database, "guarded-out");

        var foreign = await ProgramRun.OfAsync<GuardedPipeline>(["reset", "--yes", "--set", $"CdcFlow:guarded:Checkpoint:Store={Store}.elsewhere"]);
        Assert.Equal(ExitCode.Failed, foreign.Code);
        Assert.Contains(CheckpointErrorCodes.ForeignStore, foreign.Error, StringComparison.Ordinal);
        Assert.Contains("`takeover` makes this one the sinks' owner; then `reset` again", foreign.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"{Store}.elsewhere"));
        await GoesOnAsync<GuardedPipeline>();
        var taken = await ProgramRun.OfAsync<GuardedPipeline>(["takeover", "--yes", "--set", $"CdcFlow:guarded:Checkpoint:Store={Store}.elsewhere"]);
        Assert.True(taken.Code == ExitCode.Ok, taken.All);
        var then = await ProgramRun.OfAsync<GuardedPipeline>(["reset", "--yes", "--set", $"CdcFlow:guarded:Checkpoint:Store={Store}.elsewhere"]);
        Assert.True(then.Code == ExitCode.Ok, then.All);
    }

    [Fact]
    public async Task Interrupted_reset_stops_a_start_and_is_finished_by_another()
    {
        var database = Database("interrupted-db");
        (string Sink, SinkKind Kind)[] sinks = [("interrupted-out", SinkKind.Transactional), ("interrupted-lake", SinkKind.Staged)];
        foreach (var (sink, kind) in sinks)
        {
            foreach (var afterEffect in new[] { false, true })
            {
                await GoesOnAsync<InterruptedPipeline>();
                InMemorySinkServer.Named(sink, kind).Faults.Add(SinkOperation.Forget, Cut, afterEffect);
                var cut = await ResetAsync<InterruptedPipeline>(answer: null, "--yes");
                Assert.Equal(ExitCode.Failed, cut.Code);
                Assert.Contains("CDCF9999", cut.Error, StringComparison.Ordinal);
                var hasBegun = afterEffect || sink != sinks[0].Sink;
                var start = await RunAsync<InterruptedPipeline>();
                Assert.True(start.Code == (hasBegun ? ExitCode.Failed : ExitCode.Ok), start.All);

                var finished = await ResetAsync<InterruptedPipeline>(answer: null, "--yes");
                Assert.True(finished.Code == ExitCode.Ok, finished.All);
                Assert.Equal(hasBegun, finished.Output.Contains("gone already: marker", StringComparison.Ordinal));
                await GoesOnAsync<InterruptedPipeline>();
                AssertSame(database, sinks[0].Sink);
            }
        }
    }

    [Fact]
    public async Task Sink_that_does_not_say_what_it_has_made_is_named()
    {
        var reset = await ResetAsync<ReticentPipeline>(answer: null, "--yes");
        Assert.Contains("not known: sink reticent-out does not say what it has made", reset.Output, StringComparison.Ordinal);
    }

    private Task<ProgramRun> ResetAsync<TPipeline>(string? answer, params string[] options)
        where TPipeline : ICdcPipeline<TPipeline> =>
        ProgramRun.OfAsync<TPipeline>(["reset", .. options, .. Settings<TPipeline>()], answer: answer);
}
