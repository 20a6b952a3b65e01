namespace CdcFlow.Replay.Tests.WaysOut;

/// <summary>A file sink is renamed, moved or removed, and comes back: after a stop in good order nothing stands against it; after a crash the program of before says when it may be.</summary>
public sealed class MovedFileTests : Case<TwoJournals>
{
    private const string One = """{"op":"r","id":1,"value":"one"}""";
    private const string Two = """{"op":"c","id":2,"value":"two"}""";
    private const string Three = """{"op":"c","id":3,"value":"three"}""";

    [Fact]
    public async Task Renamed_sink_goes_on_in_its_folder()
    {
        await RanAsync();
        Replace<RenamedJournal>();
        await RunAsync(); // the same rows in the same place: nothing is out of date
        await SourceAsync("INSERT INTO t VALUES (3, 'three')");
        await RunAsync();
        Assert.Equal([One, Two, Three], await Stage.JournalAsync("diary"));
        Assert.Equal([One, Two, Three], await Stage.JournalAsync("journal"));
        Replace<TwoJournals>();
        await RunAsync();
        await SameAsync();
    }

    [Fact]
    public async Task Moved_sink_goes_on_in_its_new_folder()
    {
        await RanAsync();
        Deploy<MovedJournal>();
        await SourceAsync("INSERT INTO t VALUES (3, 'three')");
        await RunAsync();
        Assert.Equal([One, Two], await Stage.JournalAsync("diary"));
        Assert.Equal([Three], await Stage.JournalAsync("elsewhere"));
        Deploy<TwoJournals>();
        await SourceAsync("INSERT INTO t VALUES (4, 'four')");
        await RunAsync();
        Assert.Equal([One, Two, """{"op":"c","id":4,"value":"four"}"""], await Stage.JournalAsync("diary"));
        Assert.Equal([Three], await Stage.JournalAsync("elsewhere"));
    }

    [Fact]
    public async Task Removed_sink_keeps_its_files_and_goes_on_when_it_is_added_again()
    {
        await RanAsync();
        Replace<OneJournal>();
        await SourceAsync("INSERT INTO t VALUES (3, 'three')");
        await RunAsync();
        Assert.Equal([One, Two], await Stage.JournalAsync("diary"));
        Deploy<TwoJournals>();
        await SourceAsync("INSERT INTO t VALUES (4, 'four')");
        await RunAsync();
        Assert.Equal([One, Two, """{"op":"c","id":4,"value":"four"}"""], await Stage.JournalAsync("diary"));
        Assert.Equal([One, Two, Three, """{"op":"c","id":4,"value":"four"}"""], await Stage.JournalAsync("journal"));
    }

    [Fact]
    public async Task Connection_without_sinks_is_gone_and_comes_back()
    {
        await RanAsync();
        Replace<NoJournal>();
        await SourceAsync("INSERT INTO t VALUES (3, 'three')");
        await RunAsync();
        await SameAsync();
        Deploy<TwoJournals>();
        await SourceAsync("INSERT INTO t VALUES (4, 'four')");
        await RunAsync();
        await SameAsync();
        Assert.Equal([One, Two, """{"op":"c","id":4,"value":"four"}"""], await Stage.JournalAsync("journal"));
    }

    [Theory, InlineData("renamed"), InlineData("moved"), InlineData("removed")]
    public async Task Sink_that_may_still_have_files_to_publish_is_put_back_once(string change)
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one');");
        await StartAsync();
        await SourceAsync("INSERT INTO t VALUES (2, 'two')");
        await CaughtUpAsync();
        await CrashAsync();
        Become(change);
        await RefusedTwiceAsync("CDCF5107", "Put the sink back under its name and Folder and let the pipeline stop in good order once");
        Deploy<TwoJournals>();
        await RunAsync();
        Become(change);
        await RunAsync();
        await SameAsync();
    }

    private void Become(string change)
    {
        switch (change)
        {
            case "renamed":
                Deploy<RenamedJournal>();
                break;
            case "moved":
                Deploy<MovedJournal>();
                break;
            default:
                Deploy<OneJournal>();
                break;
        }
    }

    private async Task RanAsync()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one');");
        await RunAsync();
        await SourceAsync("INSERT INTO t VALUES (2, 'two')");
        await RunAsync();
    }
}
