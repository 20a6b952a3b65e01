using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source.Tests;

public class SnapshotTests(SharedServer shared)
{
    [Fact]
    public async Task Table_is_read_in_chunks_while_it_changes_and_the_log_goes_on_from_there()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL); INSERT INTO item SELECT i, 'name ' || i, i FROM generate_series(1, 5000) i");
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionString, new PostgresSourceAttribute("shop") { ChunkRows = 300, Slot = database.Name });
        await source.OpenAsync();
        for (var i = 0; i < 10; i++)
        {
            await database.ExecuteAsync(
                "UPDATE item SET version = version + 10000 WHERE id % 7 = 0; DELETE FROM item WHERE id = (SELECT min(id) FROM item WHERE id % 5 = 0); "
                + $"INSERT INTO item VALUES (10000 + {i}, NULL, 1)");
        }

        await source.ReadUntilAsync(() => source.Reader.Progress.Phase == SourcePhase.Streaming && Fold.Of(source.Changes).Rows.ContainsKey(10009L));

        var fold = Fold.Of(source.Changes);
        fold.AssertIs(await Fold.TableAsync(database));
        Assert.InRange(fold.Reads, 4990, 5010);
    }
}
