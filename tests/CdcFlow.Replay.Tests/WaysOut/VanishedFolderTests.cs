namespace CdcFlow.Replay.Tests.WaysOut;

/// <summary>The folder of a file sink is not what it was: its disk is not mounted, or it was emptied.</summary>
public sealed class VanishedFolderTests : Case<Items>
{
    [Fact]
    [Trait("WayOut", "CDCF3032")]
    public async Task Is_not_made_anew_and_the_pipeline_goes_on_when_it_is_back()
    {
        await StartedAsync();
        Directory.Move(Stage.Files, $"{Stage.Files}.unmounted");
        Directory.CreateDirectory(Stage.Files); // the mount point
        await RefusedTwiceAsync("CDCF3032", "Mount the disk, or bring the folder back with its hidden files");
        Assert.Empty(Directory.GetFileSystemEntries(Stage.Files));
        Directory.Delete(Stage.Files);
        Directory.Move($"{Stage.Files}.unmounted", Stage.Files);
        await RunAsync();
        await SameAsync();
        await JournalAsync("""{"op":"r","id":1,"value":"one"}""", """{"op":"c","id":2,"value":"two"}""");
    }

    [Fact]
    [Trait("WayOut", "CDCF3032")]
    public async Task Is_gone_on_without_from_the_checkpoint_that_the_message_names()
    {
        await StartedAsync();
        Directory.Delete(Stage.Files, recursive: true);
        var said = await RefusedTwiceAsync("CDCF3032", "If what it had is lost, go on without it: `run --restore-from ");
        await RunFromAsync(said.Split("go on without it: `run --restore-from ")[1].Split('`')[0]); // what that checkpoint published is known to have been there
        await SameAsync();
        await JournalAsync("""{"op":"c","id":2,"value":"two"}""");
        await RunAsync();
    }

    [Fact]
    [Trait("WayOut", "CDCF3032")]
    public async Task Of_one_sink_alone_is_noticed_though_the_connections_own_is_there()
    {
        await StartedAsync();
        var folder = Path.Combine(Stage.Files, "journal");
        Directory.Move(folder, $"{Stage.Files}.unmounted");
        Directory.CreateDirectory(folder); // the mount point
        await RefusedTwiceAsync("CDCF3032", $"in folder '{folder}'", "Mount the disk, or bring the folder back with its hidden files");
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Directory.Delete(folder);
        Directory.Move($"{Stage.Files}.unmounted", folder);
        await RunAsync();
        await SameAsync();
        await JournalAsync("""{"op":"r","id":1,"value":"one"}""", """{"op":"c","id":2,"value":"two"}""");
    }

    private async Task StartedAsync()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one');");
        await RunAsync();
        await SourceAsync("INSERT INTO t VALUES (2, 'two')");
    }
}
