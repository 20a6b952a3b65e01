using CdcFlow.Sources;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>The primary is lost and a standby takes its place. The standby's slot is a copy of the primary's, as failover slots and cluster managers make it.</summary>
public class PromotionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, Trait("WayOut", "CDCF4044")]
    [InlineData("WhenNeeded")]
    [InlineData("--resnapshot lost")]
    public async Task Standby_that_lacks_what_was_read_is_refused_also_when_its_log_is_longer_by_now(string way)
    {
        await using var primary = await StartPrimaryAsync();
        var old = new TestDatabase(primary, "app");
        await using var before = Source(old);
        await ReadAllAsync(before);
        await using var standby = await primary.StartStandbyAsync(Cancellation);
        await standby.StopAsync(Cancellation);
        await old.ExecuteAsync("INSERT INTO item VALUES (3, 'never replicated', 1)");
        await ReadAllAsync(before, before.LastState);
        var database = await PromoteAsync(primary, standby);
        await database.ExecuteAsync("DELETE FROM item WHERE id = 1; INSERT INTO item SELECT i, repeat('x', 1000), 1 FROM generate_series(4, 2000) i");

        await using var source = Source(database);
        source.Checkpoints.Add((0, before.LastState!.Value));
        var error = await source.StopsTwiceAsync(PostgresSourceErrorCodes.OtherTimeline);
        Assert.Equal((false, true), (error.IsTransient, error.IsPositionLost));
        Assert.Contains("left that one before", error.Message, StringComparison.Ordinal);
        Assert.Contains(way, error.Fix, StringComparison.Ordinal);

        if (way == "WhenNeeded")
        {
            source.Configuration["Startup"] = way;
            await source.RunAsync();
        }
        else
        {
            await source.RunResnapshotAsync("lost");
        }

        await source.AssertGoesOnAsync(database);
    }

    [Fact]
    public async Task Standby_that_has_what_was_read_is_gone_on_with_and_again_after_that()
    {
        await using var primary = await StartPrimaryAsync();
        var old = new TestDatabase(primary, "app");
        await using var before = Source(old);
        await ReadAllAsync(before);
        await using var standby = await primary.StartStandbyAsync(Cancellation);
        await old.ExecuteAsync("INSERT INTO item VALUES (3, 'replicated', 1)");
        await ReadAllAsync(before, before.LastState);
        await old.ExecuteAsync("UPDATE item SET version = 2");
        var end = (await old.QueryAsync("SELECT pg_current_wal_flush_lsn()"))[0][0];
        while ((await standby.QueryAsync($"SELECT pg_last_wal_replay_lsn() >= '{end}'", cancellationToken: Cancellation))[0][0] != "t")
        {
        }

        var database = await PromoteAsync(primary, standby);
        await using var after = Source(database);
        await ReadAllAsync(after, before.LastState);
        await database.ExecuteAsync("DELETE FROM item WHERE id = 2");
        await ReadAllAsync(after, after.LastState);

        Fold.Of(before.Changes.Concat(after.Changes)).AssertIs(await Fold.TableAsync(database));
    }

    private static async Task<PostgresServer> StartPrimaryAsync()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        var primary = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        await new TestDatabase(primary, "app").ExecuteAsync(
            "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL); INSERT INTO item VALUES (1, 'one', 1), (2, 'two', 1)");
        return primary;
    }

    private static async Task<TestDatabase> PromoteAsync(PostgresServer primary, PostgresServer standby)
    {
        await primary.KillAsync(Cancellation);
        if (!standby.IsRunning)
        {
            await standby.StartAgainAsync(Cancellation);
        }

        await standby.ExecuteAsync("SELECT pg_promote()", cancellationToken: Cancellation);
        return new TestDatabase(standby, "app");
    }

    private static SourceHarness<Item, ItemCodec> Source(TestDatabase database) => new(database.ConnectionString, new PostgresSourceAttribute("shop"));

    private static async Task ReadAllAsync(SourceHarness<Item, ItemCodec> source, System.Text.Json.JsonElement? state = null)
    {
        await source.OpenAsync(state, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();
        await source.CloseAsync();
    }
}
