using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Tables that are read again by request, whole, while others stream.</summary>
public class ResnapshotTests(SharedServer shared)
{
    private const string Create =
        """
        CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL);
        INSERT INTO item SELECT n, 'n', 1 FROM generate_series(1, 5000) n;
        CREATE TABLE second (LIKE item INCLUDING ALL);
        INSERT INTO second VALUES (100001, 'second', 1)
        """;

    [Fact]
    public async Task Table_that_is_named_is_emptied_and_read_again_while_the_other_streams()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create);
        await using var source = await FinishedAsync(database);
        await database.ExecuteAsync("UPDATE item SET version = 2 WHERE id <= 10; INSERT INTO second VALUES (100002, 'later', 1)");

        var before = source.Changes.Count;
        source.Resnapshot = new ResnapshotRequest("first", ["item"], Lost: false);
        source.KeepingSinks["Items"] = ["audit"];
        source.KeepingSinks["Extra"] = ["elsewhere"];
        await source.OpenAsync(source.LastState, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        var again = source.Changes.Skip(before).ToArray();
        Assert.Equal(1, again.Count(change => change.Operation == Operation.Truncate));
        Assert.Equal(5000, again.Count(change => change.Operation == Operation.SnapshotRead));
        Assert.Equal([100002], again.Where(change => change.Metadata.Table.Name == "second").Select(change => change.Row.Id));
        Fold.Of(again.Where(change => change.Metadata.Table.Name == "item")).AssertIs(await Fold.TableAsync(database));
        Assert.Single(source.Log.Lines, line => line.StartsWith(PostgresSourceErrorCodes.Resnapshot, StringComparison.Ordinal));
        Assert.EndsWith(": audit.", Assert.Single(source.Log.Lines, line => line.StartsWith(PostgresSourceErrorCodes.KeepingSinks, StringComparison.Ordinal)), StringComparison.Ordinal);

        await source.CloseAsync();
        await database.SlotIsFreeAsync(database.Name);
        await source.OpenAsync(source.LastState, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();
        Assert.Equal(before + again.Length, source.Changes.Count);
    }

    [Theory]
    [InlineData("first", 1)]
    [InlineData("another", 2)]
    public async Task Restart_goes_on_with_the_request_and_another_request_begins_anew(string request, int emptied)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create);
        await using var source = await FinishedAsync(database);
        var before = source.Changes.Count;
        source.Resnapshot = new ResnapshotRequest("first", ["item"], Lost: false);
        await source.OpenAsync(source.LastState);
        await source.ReadUntilAsync(() => source.Changes.Skip(before).Any(change => change.Operation == Operation.SnapshotRead));
        Assert.False(source.HasWholeSnapshot);
        await database.ExecuteAsync("UPDATE item SET version = 3 WHERE id % 100 = 0; DELETE FROM item WHERE id % 100 = 1");

        source.Resnapshot = new ResnapshotRequest(request, ["item"], Lost: false);
        await source.CrashAsync(Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        var again = source.Changes.Skip(before).ToArray();
        Assert.Equal(emptied, again.Count(change => change.Operation == Operation.Truncate));
        Assert.Equal(emptied, source.Log.Lines.Count(line => line.StartsWith(PostgresSourceErrorCodes.Resnapshot, StringComparison.Ordinal)));
        Fold.OfLastRead([.. again.Where(change => change.Metadata.Table.Name == "item")]).AssertIs(await Fold.TableAsync(database));
    }

    [Fact]
    public async Task Nothing_lost_is_nothing_read_again()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create);
        await using var source = await FinishedAsync(database);
        var before = source.Changes.Count;

        source.Resnapshot = new ResnapshotRequest("first", [], Lost: true);
        await source.OpenAsync(source.LastState, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        Assert.Equal(before, source.Changes.Count);
    }

    [Theory]
    [InlineData("SELECT pg_drop_replication_slot('{0}')")]
    [InlineData("SELECT pg_replication_slot_advance('{0}', pg_current_wal_lsn())")]
    public async Task Lost_slot_is_left_by_the_way_that_its_message_names(string damage)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create);
        await using var source = await FinishedAsync(database);
        await database.ExecuteAsync("INSERT INTO item VALUES (6000, 'lost', 1)");
        await database.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, damage, database.Name));
        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.OpenAsync(source.LastState));
        Assert.True(error.IsPositionLost);
        Assert.Contains("start once with `run --resnapshot lost`", error.Fix, StringComparison.Ordinal);
        await source.CloseAsync();

        source.Resnapshot = new ResnapshotRequest("1", [], Lost: true);
        await source.OpenAsync(source.LastState, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        Fold.OfLastRead([.. source.Changes.Where(change => change.Metadata.Table.Name == "item")]).AssertIs(await Fold.TableAsync(database));
    }

    private static async Task<SourceHarness<Item, ItemCodec>> FinishedAsync(TestDatabase database)
    {
        var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, ChunkRows = 50 }) { ExtraTable = "second" };
        await source.OpenAsync(boundedness: Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();
        await source.CloseAsync();
        await database.SlotIsFreeAsync(database.Name);
        return source;
    }
}
