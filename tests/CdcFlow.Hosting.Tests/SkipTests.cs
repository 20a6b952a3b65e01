using CdcFlow.Checkpointing;
using CdcFlow.Hosting.Tests.WaysOut;
using CdcFlow.Runtime;
using CdcFlow.Sinks;
using CdcFlow.Testing;

namespace CdcFlow.Hosting.Tests;

/// <summary><c>skip</c>: what is asked, what is refused, and what the next start reads.</summary>
public sealed class SkipTests : WayOutTest
{
    [Fact]
    public async Task What_is_left_out_is_named_before_it_is_and_never_comes()
    {
        var database = Database("skipped-db");
        await GoesOnAsync<SkippedPipeline>();
        Insert(database, 2);
        var place = $"skipped-db={database.Head}";
        Insert(database, 3);

        var nobody = await SkipAsync<SkippedPipeline>(place, answer: null);
        Assert.Equal((ExitCode.Usage, ""), (nobody.Code, nobody.Output));
        Assert.Contains("Nobody can be asked here, and nothing was changed. Add --yes to skip without a question.", nobody.Error, StringComparison.Ordinal);
        var newest = await NewestAsync<SkippedPipeline>();
        var no = await SkipAsync<SkippedPipeline>(place, answer: "n");
        Assert.Equal((ExitCode.Failed, true), (no.Code, no.Output.EndsWith("Nothing was changed.\n", StringComparison.Ordinal)));
        Assert.StartsWith($"Source skipped-db: Every transaction after {database.Head - 2}, up to {database.Head - 1}, is left out, of every table.", no.Output, StringComparison.Ordinal);
        Assert.Equal(newest, await NewestAsync<SkippedPipeline>());

        var yes = await SkipAsync<SkippedPipeline>(place, answer: "y");
        Assert.True(yes.Code == ExitCode.Ok, yes.All);
        newest = await NewestAsync<SkippedPipeline>();
        Assert.EndsWith($"Left out, in checkpoint {newest}. `run` goes on from {database.Head - 1}.\n", yes.Output, StringComparison.Ordinal);
        Assert.Contains($"Source skipped-db skips by order, from {database.Head - 2} to {database.Head - 1}, in checkpoint {newest}: Every transaction after {database.Head - 2}, ", yes.Error, StringComparison.Ordinal);
        var status = await ProgramRun.OfAsync<SkippedPipeline>(["status", .. Settings<SkippedPipeline>()]);
        Assert.Equal(ExitCode.Ok, status.Code);
        Assert.Contains($"source skipped-db: a start goes on from {database.Head - 1}, ", status.Output, StringComparison.Ordinal);
        Assert.Contains($"recovery: A start would go on from checkpoint {newest}.", status.Output, StringComparison.Ordinal);

        await GoesOnAsync<SkippedPipeline>();
        Assert.Equal([1, 3], Ids("skipped-out"));
        Assert.Equal([1, 3], Ids("skipped-lake", SinkKind.Staged));
    }

    [Fact]
    public async Task Place_that_was_read_or_is_not_there_yet_is_refused_and_nothing_is_changed()
    {
        var database = Database("refused-db");
        await GoesOnAsync<RefusedPlacePipeline>();
        Insert(database, 4);
        var newest = await NewestAsync<RefusedPlacePipeline>();
        foreach (var place in new[] { $"{database.Head - 1}", "0", $"{database.Head + 1}", "behind", "-1" })
        {
            var refused = await SkipAsync<RefusedPlacePipeline>($"refused-db={place}", answer: null, "--yes");
            Assert.Equal(ExitCode.Failed, refused.Code);
            Assert.Contains($"Name one after {database.Head - 1}, up to {database.Head}.", refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal(newest, await NewestAsync<RefusedPlacePipeline>());
        Assert.Equal(ExitCode.Ok, (await SkipAsync<RefusedPlacePipeline>($"refused-db={database.Head}", answer: null, "--yes")).Code);
        var again = await SkipAsync<RefusedPlacePipeline>($"refused-db={database.Head}", answer: null, "--yes");
        Assert.Contains(ErrorCodes.SkipUnknown, again.Error, StringComparison.Ordinal);
        Insert(database, 5);
        await GoesOnAsync<RefusedPlacePipeline>();
        Assert.Equal([1, 5], Ids("refused-out"));
    }

    [Theory]
    [InlineData("skipped-db")]
    [InlineData("=3")]
    [InlineData("skipped-db=")]
    public async Task Place_without_its_connection_is_no_command_line(string to)
    {
        var refused = await SkipAsync<SkippedPipeline>(to, answer: null, "--yes");
        Assert.Equal(ExitCode.Usage, refused.Code);
        Assert.Contains("--to takes connection=place, as in --to shop=0/16B3748.", refused.All, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("WayOut", "CDCF2032"), Trait("WayOut", "CDCF2060")]
    public async Task Source_that_was_never_read_is_read_first()
    {
        var database = Database("unread-db");
        Insert(database, 2);
        for (var times = 0; times < 2; times++)
        {
            var unknown = await SkipAsync<UnreadPipeline>("nowhere=1", answer: null, "--yes");
            Assert.Equal(ExitCode.Failed, unknown.Code);
            Assert.Contains($"{ErrorCodes.SkipUnknown}: --to names connection 'nowhere'", unknown.Error, StringComparison.Ordinal);
            Assert.Contains("Its sources' connections are: unread-db.", unknown.Error, StringComparison.Ordinal);
            var unread = await SkipAsync<UnreadPipeline>($"unread-db={database.Head}", answer: null, "--yes");
            Assert.Equal(ExitCode.Failed, unread.Code);
            Assert.Contains(RuntimeErrorCodes.NothingToSkip, unread.Error, StringComparison.Ordinal);
            Assert.Contains("Start the pipeline once: `run`.", unread.Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Store));
        }

        await GoesOnAsync<UnreadPipeline>();
        Insert(database, 3);
        Assert.Equal(ExitCode.Ok, (await SkipAsync<UnreadPipeline>($"unread-db={database.Head}", answer: null, "--yes")).Code);
        Insert(database, 4);
        await GoesOnAsync<UnreadPipeline>();
        Assert.Equal([1, 2, 4], Ids("unread-out"));
    }

    [Fact]
    public async Task Instance_that_runs_and_the_store_of_another_are_left_alone()
    {
        var database = Database("busy-db");
        await using var running = await RunningProgram.StartAsync<BusyPipeline>(Settings<BusyPipeline>());
        await running.Runner.CheckpointAsync(Cancelled);
        Insert(database, 2);
        var refused = await SkipAsync<BusyPipeline>($"busy-db={database.Head}", answer: null, "--yes");
        Assert.Equal(ExitCode.Failed, refused.Code);
        Assert.Contains(CheckpointErrorCodes.LeaseHeld, refused.Error, StringComparison.Ordinal);
        Assert.Contains("stop it in good order (SIGTERM), then `skip` again", refused.Error, StringComparison.Ordinal);
        await CheckpointAllAsync(database, running.Runner);
        Assert.Equal(ExitCode.Ok, (await running.StopAsync()).Code);
        AssertSame(database, "busy-out");

        Insert(database, 3);
        var foreign = await ProgramRun.OfAsync<BusyPipeline>(["skip", "--to", $"busy-db={database.Head}", "--yes", "--set", $"CdcFlow:busy:Checkpoint:Store={Store}.elsewhere"]);
        Assert.Equal(ExitCode.Failed, foreign.Code);
        Assert.Contains(CheckpointErrorCodes.ForeignStore, foreign.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"{Store}.elsewhere"));
        await GoesOnAsync<BusyPipeline>();
        AssertSame(database, "busy-out");
    }

    [Fact]
    public async Task Log_that_is_lost_is_left_out()
    {
        var database = Database("lossy-db");
        await GoesOnAsync<LossyPipeline>();
        Insert(database, 2);
        database.LoseLog();
        Insert(database, 3);
        await FailsTwiceAsync<LossyPipeline>(InMemoryErrorCodes.LogLost, ExitCode.PositionLost);
        Assert.Equal(ExitCode.Ok, (await SkipAsync<LossyPipeline>($"lossy-db={database.Head - 1}", answer: null, "--yes")).Code);
        await GoesOnAsync<LossyPipeline>();
        Assert.Equal([1, 3], Ids("lossy-out"));
    }

    [Fact]
    public async Task Program_that_has_changed_is_judged_by_the_next_start_and_not_by_the_skip()
    {
        var database = Database("rewritten-db");
        await GoesOnAsync<BeforeRewritingPipeline>();
        Insert(database, 2);
        var skipped = await SkipAsync<RewrittenPipeline>($"rewritten-db={database.Head}", answer: null, "--yes");
        Assert.True(skipped.Code == ExitCode.Ok, skipped.All);
        await FailsTwiceAsync<RewrittenPipeline>(CheckpointErrorCodes.DefinitionChanged, ExitCode.Invalid);
        Insert(database, 3);
        await GoesOnAsync<RewrittenPipeline>("--accept");
        Assert.Equal([1, 3], Ids("rewritten-out"));
    }

    private static IEnumerable<long> Ids(string sink, SinkKind kind = SinkKind.Transactional) =>
        InMemorySinkServer.Named(sink, kind).Rows(sink).Values.Cast<Item>().Select(item => item.Id).Order();

    private Task<ProgramRun> SkipAsync<TPipeline>(string to, string? answer, params string[] options)
        where TPipeline : ICdcPipeline<TPipeline> =>
        ProgramRun.OfAsync<TPipeline>(["skip", "--to", to, .. options, .. Settings<TPipeline>()], answer: answer);
}
