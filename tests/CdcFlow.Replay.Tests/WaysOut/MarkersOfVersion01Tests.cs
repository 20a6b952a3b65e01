namespace CdcFlow.Replay.Tests.WaysOut;

/// <summary>A store and sinks that version 0.1 has left: none of them names a store.</summary>
public sealed class MarkersOfVersion01Tests : Case<Items>
{
    [Fact]
    public async Task Are_adopted_at_the_first_start_and_that_is_said_once()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one');");
        await RunAsync();
        Assert.DoesNotContain("CDCF3031", Log, StringComparison.Ordinal);
        await SinkAsync("ALTER TABLE cdcflow_checkpoint DROP COLUMN store_id");
        File.Delete(Path.Combine(Stage.StoreNamed("checkpoints"), "store.id"));
        foreach (var owner in Directory.GetFiles(Stage.Files, ".items.files.owner", SearchOption.AllDirectories))
        {
            File.Delete(owner);
        }

        foreach (var checkpoint in Directory.GetFiles(Stage.StoreNamed("checkpoints"), "*.checkpoint"))
        {
            Assert.Contains("\"store\": \"", await File.ReadAllTextAsync(checkpoint, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        await SourceAsync("INSERT INTO t VALUES (2, 'two')");
        await RunAsync();
        Assert.Contains("CDCF3031: The markers of sink, files name no checkpoint store", Log, StringComparison.Ordinal);
        await SameAsync();
        await RunAsync();
        Assert.DoesNotContain("CDCF3031", Log, StringComparison.Ordinal);
        await RefusedBesideAsync("elsewhere", "CDCF3030");
    }
}
