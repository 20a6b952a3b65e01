using static CdcFlow.Postgres.Source.Tests.WayOut;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>What <c>skip</c> refuses at a real server, and how the log that it leaves out is filled again.</summary>
public class SkipTests(SharedServer shared)
{
    [Fact, Trait("WayOut", "CDCF4090")]
    public async Task Snapshot_that_is_under_way_ends_first()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item SELECT g, 'row', 1 FROM generate_series(1, 500) g");
        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, ChunkRows = 10 });
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.Changes.Count > 0);
        Assert.False(source.HasWholeSnapshot);
        await source.CloseAsync();
        await database.ExecuteAsync("INSERT INTO item VALUES (501, 'since', 1)");
        var refused = await RefusedTwiceAsync(source, database, PostgresSourceErrorCodes.SkipInSnapshot);
        Assert.Contains("The snapshot of public.item is under way", refused.Happened, StringComparison.Ordinal);
        Assert.Contains("Let the snapshot end first: `run`. ", refused.Fix, StringComparison.Ordinal);

        await source.RunAsync();
        await database.ExecuteAsync("INSERT INTO item VALUES (502, 'left out', 1)");
        await source.SkipAsync(await EndAsync(database));
        await source.RunAsync();
        Assert.DoesNotContain(source.Changes, change => change.Operation == Operation.Insert && change.Row.Id == 502);
        await source.RunResnapshotAsync("public.item");
        await source.AssertGoesOnAsync(database);
    }

    [Fact, Trait("WayOut", "CDCF4090")]
    public async Task Snapshot_that_cannot_end_is_given_up_with_the_log()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item SELECT g, 'row', 1 FROM generate_series(1, 500) g");
        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, ChunkRows = 10 });
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.Changes.Count > 0);
        await source.CloseAsync();
        var refused = await RefusedTwiceAsync(source, database, PostgresSourceErrorCodes.SkipInSnapshot);

        await database.TakeSqlAsync(refused.Fix!);
        Assert.Contains("start once with `run --resnapshot lost`", refused.Fix, StringComparison.Ordinal);
        await source.RunResnapshotAsync("lost");
        await source.AssertGoesOnAsync(database);
    }

    /// <summary>A skip must not hide that more is gone than what it leaves out.</summary>
    [Theory]
    [InlineData("SELECT pg_drop_replication_slot('{0}')", PostgresSourceErrorCodes.SlotMissing)]
    [InlineData("DROP PUBLICATION {0}", PostgresSourceErrorCodes.PublicationGap)]
    [InlineData("SELECT pg_replication_slot_advance('{0}', pg_current_wal_lsn()); DROP PUBLICATION {0}", PostgresSourceErrorCodes.PublicationGap)]
    public async Task Whatever_else_is_gone_is_told_and_not_hidden(string damage, string code)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        await using var source = await FinishedAsync(database);
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'two', 1)");
        foreach (var statement in damage.Replace("{0}", database.Name, StringComparison.Ordinal).Split("; "))
        {
            await database.ExecuteAsync(statement);
        }

        var refused = await RefusedTwiceAsync(source, database, code);
        Assert.Contains("--resnapshot lost", refused.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slot_that_was_moved_on_is_not_skipped_to_a_place_before_it()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        await using var source = await FinishedAsync(database);
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'two', 1)");
        var place = await EndAsync(database);
        await database.ExecuteAsync("INSERT INTO item VALUES (3, 'three', 1)");
        await database.ExecuteAsync($"SELECT pg_replication_slot_advance('{database.Name}', pg_current_wal_lsn())");
        var refused = await Assert.ThrowsAsync<CdcFlowException>(() => source.SkipAsync(place));
        Assert.Equal(PostgresSourceErrorCodes.SlotAhead, refused.Code);
        await source.SkipAsync(LeftOutUpTo(refused.Fix!));
    }

    private static async Task<CdcFlowException> RefusedTwiceAsync(SourceHarness<Item, ItemCodec> source, TestDatabase database, string code)
    {
        var checkpoints = source.Checkpoints.Count;
        var place = await EndAsync(database);
        Assert.Equal(code, (await Assert.ThrowsAsync<CdcFlowException>(() => source.SkipAsync(place))).Code);
        var again = await Assert.ThrowsAsync<CdcFlowException>(() => source.SkipAsync(place));
        Assert.Equal((code, checkpoints), (again.Code, source.Checkpoints.Count));
        return again;
    }

    private static async Task<string> EndAsync(TestDatabase database) => (await database.QueryAsync("SELECT pg_current_wal_lsn()")).Single()[0]!;
}
