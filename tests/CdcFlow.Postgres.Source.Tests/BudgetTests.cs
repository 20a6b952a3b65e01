using CdcFlow.Batches;

namespace CdcFlow.Postgres.Source.Tests;

public class BudgetTests(SharedServer shared)
{
    [Theory]
    [InlineData("PRIMARY KEY (id)")]
    [InlineData("UNIQUE (id)")] // no key: read in one pass
    public async Task Small_budget_slows_snapshot_and_log_and_never_stops_them(string constraint)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            $"CREATE TABLE item (id bigint, name text, version bigint NOT NULL, {constraint}); ALTER TABLE item REPLICA IDENTITY FULL; "
            + "INSERT INTO item SELECT i, repeat('x', 2000), i FROM generate_series(1, 3000) i");
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, SnapshotReaders = 4 })
        { Budget = new MemoryBudget(1 << 20) };
        await source.OpenAsync();
        await database.ExecuteAsync("UPDATE item SET name = repeat('y', 3000), version = version + 10000; INSERT INTO item VALUES (99999, repeat('z', 500000), 1)");
        await source.ReadUntilAsync(() => source.HasWholeSnapshot && source.Changes.Exists(change => change.After?.Id == 99999));

        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
        await source.CloseAsync();
        Assert.Equal(0, source.Budget.UsedBytes);
    }
}
