using CdcFlow.Checkpoints;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>A slot belongs to one checkpoint store: a start by mistake does not take the source away from the pipeline that reads it.</summary>
public sealed class SlotOwnerTests(SharedServer shared)
{
    private static readonly StoreId own = new(new Guid("0ddba115-0000-4000-8000-000000000001"));
    private static readonly StoreId other = new(new Guid("0ddba115-0000-4000-8000-000000000002"));

    [Fact]
    [Trait("WayOut", "CDCF4091")]
    public async Task Start_of_another_store_without_a_checkpoint_takes_nothing_away_until_it_is_made_the_owner()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{WayOut.CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        await using var healthy = Of(database, own);
        await healthy.RunAsync();
        var before = await PlaceAsync(database);
        await using var mistaken = Of(database, other);
        var error = await mistaken.StopsTwiceAsync(PostgresSourceErrorCodes.SlotOwned);
        Assert.Contains($"belongs to checkpoint store {own}", error.Happened, StringComparison.Ordinal);
        Assert.Contains("set Slot to another name", error.Fix, StringComparison.Ordinal);
        Assert.Contains("`takeover` makes this store the owner", error.Fix, StringComparison.Ordinal);
        mistaken.Store = null; // as long as its store has no id
        Assert.Contains("whose store is new", Assert.Single(await mistaken.RefusalsAsync(), check => check.Code == PostgresSourceErrorCodes.SlotOwned).Sentence, StringComparison.Ordinal);
        mistaken.Store = other;
        Assert.Equal(before, await PlaceAsync(database));
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'two', 1)");
        await healthy.RunAsync();
        Fold.Of(healthy.Changes).AssertIs(await Fold.TableAsync(database));

        // A slot of its own.
        await using var apart = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name + "_2" }) { Store = other };
        await apart.RunAsync();
        Fold.Of(apart.Changes).AssertIs(await Fold.TableAsync(database));
        await database.ExecuteAsync($"SELECT pg_drop_replication_slot('{database.Name}_2')");

        Assert.True(await mistaken.Connector().TakeOverAsync(other, TestContext.Current.CancellationToken));
        Assert.False(await mistaken.Connector().TakeOverAsync(other, TestContext.Current.CancellationToken));
        await mistaken.RunAsync();
        Fold.Of(mistaken.Changes).AssertIs(await Fold.TableAsync(database));
        await using var late = Of(database, own);
        await late.StopsTwiceAsync(PostgresSourceErrorCodes.SlotOwned);
    }

    [Fact]
    [Trait("WayOut", "CDCF4091")]
    public async Task Role_that_may_not_say_whose_the_slot_is_has_the_statement_run_by_the_owner()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{WayOut.CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        await using (var owner = Of(database, own))
        {
            await owner.RunAsync();
        }

        var role = $"{database.Name}_reader";
        await database.ExecuteAsync($"CREATE ROLE {role} LOGIN REPLICATION; GRANT SELECT ON item TO {role}");
        await using var taking = new SourceHarness<Item, ItemCodec>(
            database.ConnectionStringOf(new PostgresRole(role, "")), new PostgresSourceAttribute("shop") { Slot = database.Name })
        { Store = other };
        CdcFlowException? error = null;
        for (var attempt = 0; attempt < 2; attempt++)
        {
            error = await Assert.ThrowsAsync<CdcFlowException>(async () => await taking.Connector().TakeOverAsync(other, TestContext.Current.CancellationToken));
            Assert.Equal(PostgresSourceErrorCodes.SlotOwned, error.Code);
        }

        await database.ExecuteAsync(error!.Fix!["Have the publication's owner run: ".Length..]);
        await taking.RunAsync();
        Fold.Of(taking.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Start_that_did_not_get_to_its_first_checkpoint_is_begun_again()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{WayOut.CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        await using (var first = Of(database, own))
        {
            await first.OpenAsync();
        }

        await using var again = Of(database, own);
        await again.RunAsync();
        Fold.Of(again.Changes).AssertIs(await Fold.TableAsync(database));
        Assert.DoesNotContain(again.Log.Lines, line => line.StartsWith(PostgresSourceErrorCodes.SlotAdopted, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("WayOut", "CDCF4092")]
    public async Task Mark_without_a_store_is_adopted_and_that_is_said_once()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{WayOut.CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        await using var source = Of(database, store: null);
        await source.RunAsync();
        source.Store = own;
        await source.RunAsync();
        await source.RunAsync();
        Assert.Contains($"belongs to checkpoint store {own} from now on", Assert.Single(source.Log.Lines, line => line.StartsWith(PostgresSourceErrorCodes.SlotAdopted, StringComparison.Ordinal)), StringComparison.Ordinal);
        await using var mistaken = Of(database, other);
        await mistaken.StopsTwiceAsync(PostgresSourceErrorCodes.SlotOwned);
    }

    [Fact]
    public async Task Publication_of_the_users_own_is_never_marked_and_the_checkpoint_alone_tells()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{WayOut.CreateItem} INSERT INTO item VALUES (1, 'one', 1); CREATE PUBLICATION mine FOR TABLE item");
        await using var source = Of(database, own, "mine");
        await source.RunAsync();
        Assert.Equal([[null]], await database.QueryAsync("SELECT obj_description(oid, 'pg_publication') FROM pg_publication WHERE pubname = 'mine'"));
        await using var elsewhere = Of(database, other, "mine");
        await elsewhere.RunAsync();
    }

    private static SourceHarness<Item, ItemCodec> Of(TestDatabase database, StoreId? store, string? publication = null)
    {
        var source = WayOut.ItemsOf(database, publication);
        source.Store = store;
        return source;
    }

    private static async Task<string> PlaceAsync(TestDatabase database) => string.Join('|', (await database.QueryAsync(
        $"""
        SELECT confirmed_flush_lsn, (SELECT obj_description(oid, 'pg_publication') FROM pg_publication WHERE pubname = '{database.Name}')
        FROM pg_replication_slots WHERE slot_name = '{database.Name}'
        """))[0]);
}
