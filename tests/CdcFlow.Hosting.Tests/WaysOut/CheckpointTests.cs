using System.Text;
using CdcFlow.Checkpointing;
using CdcFlow.Runtime;
using CdcFlow.Sinks;
using CdcFlow.Testing;

namespace CdcFlow.Hosting.Tests.WaysOut;

/// <summary>What the store and the sinks tell does not go together, at every start.</summary>
public sealed class CheckpointTests : WayOutTest
{
    [Fact]
    [Trait("WayOut", "CDCF3003")]
    public async Task Store_that_was_rolled_back_is_refused_until_the_newest_is_back_or_the_user_begins_afresh()
    {
        var database = Database("rolled-back-db");
        await GoesOnAsync<RolledBackPipeline>();
        var backup = Copy(Store, Store + ".backup");
        Insert(database, 2);
        await GoesOnAsync<RolledBackPipeline>();
        Directory.Move(Store, Store + ".newest");
        Copy(backup, Store);

        var said = await FailsTwiceAsync<RolledBackPipeline>(CheckpointErrorCodes.MarkerAhead);
        Assert.Contains("Bring back the newest store", said, StringComparison.Ordinal);
        Directory.Move(Store, Store + ".stale");
        Directory.Move(Store + ".newest", Store);
        Insert(database, 3);
        await GoesOnAsync<RolledBackPipeline>();
        AssertSame(database, "rolled-back-out");

        Directory.Delete(Store, recursive: true);
        Copy(backup, Store);
        said = await FailsTwiceAsync<RolledBackPipeline>(CheckpointErrorCodes.MarkerAhead);
        Assert.Contains("`run --restore-from ID@EPOCH` (rows may then appear twice), or `none` to begin afresh", said, StringComparison.Ordinal);
        Insert(database, 4);
        await GoesOnAsync<RolledBackPipeline>("--restore-from", "none");
        AssertSame(database, "rolled-back-out");
    }

    [Fact]
    [Trait("WayOut", "CDCF3004")]
    public async Task State_that_the_marker_names_is_brought_back_or_gone_on_without()
    {
        var database = Database("gap-db");
        await GoesOnAsync<GapPipeline>();
        var decided = await UndecidedAfterAsync(database, 2);
        File.Move(decided, decided + ".away");
        var said = await FailsTwiceAsync<GapPipeline>(CheckpointErrorCodes.StateMissing);
        Assert.Contains("Bring back the store's file of", said, StringComparison.Ordinal);
        File.Move(decided + ".away", decided);
        await GoesOnAsync<GapPipeline>();
        AssertSame(database, "gap-out");

        File.Delete(await UndecidedAfterAsync(database, 3));
        said = await FailsTwiceAsync<GapPipeline>(CheckpointErrorCodes.StateMissing);
        Assert.Contains("or `none` to begin afresh", said, StringComparison.Ordinal);
        await GoesOnAsync<GapPipeline>("--restore-from", "none");
        AssertSame(database, "gap-out");
    }

    [Fact]
    [Trait("WayOut", "CDCF3006")]
    public async Task Store_of_another_pipeline_is_left_for_one_of_its_own()
    {
        var neighbour = Database("neighbour-db");
        Assert.Equal(ExitCode.Ok, (await RunAsync<NeighbourPipeline>()).Code);
        var database = Database("forgotten-db");
        var said = await FailsTwiceAsync<ForgottenPipeline>(CheckpointErrorCodes.ForeignPipeline);
        Assert.Contains("Give each pipeline a store of its own (Checkpoint:Store)", said, StringComparison.Ordinal);
        await GoesOnAsync<ForgottenPipeline>("--set", $"CdcFlow:forgotten:Checkpoint:Store={Store}.own");
        AssertSame(database, "forgotten-out");
        Insert(neighbour, 2);
        await GoesOnAsync<NeighbourPipeline>();
        AssertSame(neighbour, "neighbour-out");
    }

    [Fact]
    [Trait("WayOut", "CDCF3008")]
    public async Task Checkpoint_of_a_newer_version_waits_for_that_version_or_the_user_begins_afresh()
    {
        var database = Database("newer-db");
        await GoesOnAsync<NewerPipeline>();
        var newest = NewestFile();
        var own = await File.ReadAllBytesAsync(newest, Cancelled);
        var text = Encoding.UTF8.GetString(own);
        var newer = text.Replace("CDCFLOW-CHECKPOINT format=1 ", "CDCFLOW-CHECKPOINT format=3 ", StringComparison.Ordinal);
        Assert.NotEqual(text, newer);
        await File.WriteAllTextAsync(newest, newer, Cancelled);
        Insert(database, 2);

        var said = await FailsTwiceAsync<NewerPipeline>(CheckpointErrorCodes.NewerFormat);
        Assert.Contains("Run the version of CdcFlow that wrote it, or a later one", said, StringComparison.Ordinal);
        Assert.Contains("or `none` to begin afresh", said, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(newest, own, Cancelled); // as that version reads it
        await GoesOnAsync<NewerPipeline>();
        AssertSame(database, "newer-out");

        await File.WriteAllTextAsync(NewestFile(), newer, Cancelled);
        await FailsTwiceAsync<NewerPipeline>(CheckpointErrorCodes.NewerFormat);
        Insert(database, 3);
        await GoesOnAsync<NewerPipeline>("--restore-from", "none");
        AssertSame(database, "newer-out");
    }

    [Fact]
    [Trait("WayOut", "CDCF3009")]
    public async Task Sink_that_was_removed_too_early_is_put_back_and_removed_later()
    {
        var database = Database("two-sinks-db");
        var said = await RemovedTooEarlyAsync<TwoSinksPipeline, OneSinkPipeline>("two-sinks-lake");
        Assert.Contains("Put the sink back, stop the pipeline in good order once, and then remove it", said, StringComparison.Ordinal);
        var run = await RunAsync<TwoSinksPipeline>();
        Assert.True(run.Code == ExitCode.Ok, run.All);
        AssertSame(database, "two-sinks-lake", SinkKind.Staged);
        Insert(database, 2);
        await GoesOnAsync<OneSinkPipeline>();
        AssertSame(database, "two-sinks-out");
    }

    [Fact]
    [Trait("WayOut", "CDCF3009")]
    public async Task Sink_that_was_removed_too_early_is_given_up()
    {
        var database = Database("given-up-db");
        var said = await RemovedTooEarlyAsync<BeforeGivingUpPipeline, AfterGivingUpPipeline>("given-up-lake");
        Insert(database, 2);
        await GoesOnAsync<AfterGivingUpPipeline>("--restore-from", RestoreFrom(said));
        AssertSame(database, "given-up-out");
    }

    [Fact]
    [Trait("WayOut", "CDCF3017")]
    public async Task Source_that_is_gone_gets_its_name_back_or_its_position_is_let_go()
    {
        var database = Database("two-sources-db");
        InMemoryDatabase.Named("two-sources-more").EndSnapshot<Item>();
        await GoesOnAsync<TwoSourcesPipeline>();
        Insert(database, 2);
        var said = await FailsTwiceAsync<OneSourcePipeline>(CheckpointErrorCodes.SourceRemoved);
        Assert.Contains("Give the source's connection its old name", said, StringComparison.Ordinal);
        await GoesOnAsync<TwoSourcesPipeline>();
        AssertSame(database, "two-sources-out");

        Insert(database, 3);
        said = await FailsTwiceAsync<OneSourcePipeline>(CheckpointErrorCodes.SourceRemoved);
        await GoesOnAsync<OneSourcePipeline>("--restore-from", RestoreFrom(said));
        AssertSame(database, "two-sources-out");
    }

    [Fact]
    [Trait("WayOut", "CDCF3012")]
    public async Task Path_of_the_store_that_leads_nowhere_is_fixed()
    {
        var database = Database("unusable-db");
        await File.WriteAllTextAsync(Store, "A file where the folder was to be.", Cancelled);
        var said = await FailsTwiceAsync<UnusablePipeline>(CheckpointErrorCodes.StoreUnavailable, ExitCode.Invalid);
        Assert.Contains($"'{Store}'", said, StringComparison.Ordinal);
        File.Delete(Store);
        await GoesOnAsync<UnusablePipeline>();
        AssertSame(database, "unusable-out");
    }

    [Fact]
    [Trait("WayOut", "CDCF3013")]
    public async Task Checkpoint_that_was_mistyped_is_found_in_the_list()
    {
        var database = Database("unknown-db");
        await GoesOnAsync<UnknownPipeline>();
        Insert(database, 2);
        var said = await FailsTwiceAsync<UnknownPipeline>(CheckpointErrorCodes.OverrideUnknown, ExitCode.Failed, "--restore-from", "99@99");
        Assert.Contains("`checkpoints list` shows those there are", said, StringComparison.Ordinal);
        await GoesOnAsync<UnknownPipeline>("--restore-from", await NewestAsync<UnknownPipeline>());
        AssertSame(database, "unknown-out");
    }

    [Fact]
    [Trait("WayOut", "CDCF3023")]
    public async Task Store_that_is_lost_for_good_is_begun_afresh_in_an_empty_folder()
    {
        var database = Database("gone-db");
        await GoesOnAsync<GonePipeline>();
        Directory.Delete(Store, recursive: true);
        Insert(database, 2);
        Assert.Equal(ExitCode.Failed, (await RunAsync<GonePipeline>()).Code);
        var taken = await ProgramRun.OfAsync<GonePipeline>(["takeover", "--yes", .. Settings<GonePipeline>()]);
        Assert.True(taken.Code == ExitCode.Ok, taken.All);
        await GoesOnAsync<GonePipeline>("--restore-from", "none");
        AssertSame(database, "gone-out");
    }

    [Fact]
    [Trait("WayOut", "CDCF3025")]
    public async Task Store_that_every_user_may_write_is_closed_by_the_command_or_moved_below()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        var database = Database("exposed-db");
        await GoesOnAsync<ExposedPipeline>();
        await ShellAsync($"chmod o+w '{Store}'");
        Insert(database, 2);
        var said = await FailsTwiceAsync<ExposedPipeline>(CheckpointErrorCodes.StoreExposed, ExitCode.Invalid);
        var command = said[said.IndexOf("chmod o-w", StringComparison.Ordinal)..];
        await ShellAsync(command[..command.IndexOf(", or", StringComparison.Ordinal)]);
        await GoesOnAsync<ExposedPipeline>();
        AssertSame(database, "exposed-out");

        await ShellAsync($"chmod o+w '{Store}'");
        Insert(database, 3);
        said = await FailsTwiceAsync<ExposedPipeline>(CheckpointErrorCodes.StoreExposed, ExitCode.Invalid);
        Assert.Contains("move the checkpoints that are there already", said, StringComparison.Ordinal);
        var below = said[(said.IndexOf("below it ('", StringComparison.Ordinal) + "below it ('".Length)..].Split('\'')[0];
        Assert.NotEqual(ExitCode.Ok, (await RunAsync<ExposedPipeline>("--set", $"CdcFlow:exposed:Checkpoint:Store={below}")).Code); // which makes the folder
        await ShellAsync($"mv -f '{Store}'/*.* '{below}'");
        await GoesOnAsync<ExposedPipeline>("--set", $"CdcFlow:exposed:Checkpoint:Store={below}");
        AssertSame(database, "exposed-out");
    }

    /// <summary>Inserts a row, and dies after its checkpoint is prepared and before it is committed.</summary>
    /// <returns>The file of the checkpoint that is committed.</returns>
    private async Task<string> UndecidedAfterAsync(InMemoryDatabase database, long id)
    {
        var decided = NewestFile();
        Insert(database, id);
        InMemorySinkServer.Named("gap-out", SinkKind.Transactional).Faults.Add(SinkOperation.Commit, Cut, afterEffect: false);
        Assert.Equal(ExitCode.Failed, (await RunAsync<GapPipeline>()).Code);
        Assert.NotEqual(decided, NewestFile());
        return decided;
    }

    /// <summary>The first version dies with a commit to finish, and the second has no sink for it.</summary>
    /// <returns>What the second says.</returns>
    private async Task<string> RemovedTooEarlyAsync<TFirst, TSecond>(string removed)
        where TFirst : ICdcPipeline<TFirst>
        where TSecond : ICdcPipeline<TSecond>
    {
        InMemorySinkServer.Named(removed, SinkKind.Staged).Faults.Add(SinkOperation.Commit, Cut, afterEffect: false);
        Assert.Equal(ExitCode.Failed, (await RunAsync<TFirst>()).Code);
        return await FailsTwiceAsync<TSecond>(CheckpointErrorCodes.SinkRemoved);
    }

    private static string RestoreFrom(string said)
    {
        const string command = "run --restore-from ";
        return said[(said.LastIndexOf(command, StringComparison.Ordinal) + command.Length)..].Split('`')[0];
    }

    private static string Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        return to;
    }

    private static async Task ShellAsync(string command)
    {
        using var shell = System.Diagnostics.Process.Start("/bin/sh", ["-c", command]);
        await shell.WaitForExitAsync(Cancelled);
        Assert.Equal(0, shell.ExitCode);
    }
}
