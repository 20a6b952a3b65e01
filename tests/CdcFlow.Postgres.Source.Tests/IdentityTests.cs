using CdcFlow.Configuration;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>What old rows hold, where the identity of a partition is not its root's, or is altered while the pipeline runs.</summary>
public class IdentityTests(SharedServer shared)
{
    // Text that does not compress and so is stored outside the row.
    private const string LargeText = "(SELECT string_agg(md5(i::text || random()::text), '') FROM generate_series(1, 400) i)";

    private const string CreateParts =
        "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL) PARTITION BY RANGE (id); "
        + "CREATE TABLE low PARTITION OF item FOR VALUES FROM (0) TO (100); CREATE TABLE high PARTITION OF item FOR VALUES FROM (100) TO (200);";

    [Theory]
    [InlineData("item", BeforeState.Absent, BeforeState.KeyOnly)] // the root's own alone: its partitions keep theirs
    [InlineData("low", BeforeState.Full, BeforeState.Full)]
    public async Task Partition_has_an_identity_of_its_own_and_it_decides_what_is_known_of_the_old_row(
        string altered, BeforeState ofUpdate, BeforeState ofDelete)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateParts} ALTER TABLE {altered} REPLICA IDENTITY FULL; INSERT INTO item VALUES (1, {LargeText}, 1), (2, {LargeText}, 1)");
        var name = (await Fold.TableAsync(database))["1"].Name;
        await using var source = await LatestAsync(database);
        await database.ExecuteAsync("UPDATE item SET version = 2 WHERE id = 1; UPDATE item SET id = 3 WHERE id = 1; DELETE FROM item WHERE id = 2");

        await source.ReadUntilAsync(() => source.Changes.Count >= 4);

        var (update, away, back, delete) = (source.Changes[0], source.Changes[1], source.Changes[2], source.Changes[3]);
        var isKnown = ofUpdate == BeforeState.Full;
        Assert.Equal((Operation.Update, ofUpdate, isKnown), (update.Operation, update.BeforeState, update.IsAvailable(nameof(Item.Name))));
        Assert.Equal((Operation.Delete, ofDelete, 1L), (away.Operation, away.BeforeState, away.Before!.Id));
        Assert.Equal((Operation.Insert, 3L, isKnown), (back.Operation, back.After!.Id, back.IsAvailable(nameof(Item.Name))));
        Assert.Equal(isKnown ? name : null, back.After!.Name);
        Assert.Equal((Operation.Delete, ofDelete, 2L), (delete.Operation, delete.BeforeState, delete.Before!.Id));
    }

    [Theory]
    [InlineData("USING INDEX low_id_idx", null)]
    [InlineData("FULL", "one")]
    public async Task New_partition_without_an_identity_stops_nothing_of_the_others(string identity, string? known)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            "CREATE TABLE item (id bigint NOT NULL, name text, version bigint NOT NULL) PARTITION BY RANGE (id); CREATE UNIQUE INDEX ON item (id); "
            + $"CREATE TABLE low PARTITION OF item FOR VALUES FROM (0) TO (100); ALTER TABLE low REPLICA IDENTITY {identity}; INSERT INTO item VALUES (1, 'one', 1), (2, 'one', 1)");
        await using var source = await LatestAsync(database);
        await database.ExecuteAsync("CREATE TABLE high PARTITION OF item FOR VALUES FROM (100) TO (200); INSERT INTO item VALUES (101, 'new', 1)");
        await database.ExecuteAsync("UPDATE item SET version = 2 WHERE id = 1; UPDATE item SET id = 3 WHERE id = 1; DELETE FROM item WHERE id = 2");

        await source.ReadUntilAsync(() => source.Changes.Count >= 5);

        Assert.Equal(
            [Operation.Insert, Operation.Update, Operation.Delete, Operation.Insert, Operation.Delete], source.Changes.Select(change => change.Operation));
        Assert.Equal((2L, known), (source.Changes[4].Before!.Id, source.Changes[4].Before!.Name));
    }

    [Fact]
    public async Task Whole_old_row_that_has_nothing_but_its_key_is_known_to_be_whole()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            "CREATE TABLE item (id bigint NOT NULL, name text, version bigint NOT NULL) PARTITION BY RANGE (id); CREATE UNIQUE INDEX ON item (id, version); "
            + "CREATE TABLE low PARTITION OF item FOR VALUES FROM (0) TO (100); ALTER TABLE low REPLICA IDENTITY FULL; INSERT INTO item VALUES (1, NULL, 1)");
        await using var source = await LatestAsync(database);
        await database.ExecuteAsync("DELETE FROM item WHERE id = 1");

        await source.ReadUntilAsync(() => source.Changes.Count >= 1);

        Assert.Equal((Operation.Delete, BeforeState.Full, 1L), (source.Changes[0].Operation, source.Changes[0].BeforeState, source.Changes[0].Before!.Id));
    }

    [Fact]
    public async Task Identity_altered_while_running_decides_from_there_on()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            $"CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL); ALTER TABLE item REPLICA IDENTITY FULL; INSERT INTO item VALUES (1, {LargeText}, 1), (2, {LargeText}, 1)");
        await using var source = await LatestAsync(database);
        await database.ExecuteAsync("UPDATE item SET version = 2 WHERE id = 1");
        await database.ExecuteAsync("ALTER TABLE item REPLICA IDENTITY DEFAULT");
        await database.ExecuteAsync("UPDATE item SET version = 3 WHERE id = 1; DELETE FROM item WHERE id = 2");
        await database.ExecuteAsync("ALTER TABLE item REPLICA IDENTITY FULL");
        await database.ExecuteAsync("DELETE FROM item WHERE id = 1");

        await source.ReadUntilAsync(() => source.Changes.Count >= 4);

        Assert.Equal(
            [(BeforeState.Full, true), (BeforeState.Absent, false), (BeforeState.KeyOnly, true), (BeforeState.Full, true)],
            source.Changes.Select(change => (change.BeforeState, change.IsAvailable(nameof(Item.Name)))));
    }

    [Theory]
    [InlineData("CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL UNIQUE);", "item", "item_version_key", PostgresSourceErrorCodes.KeyChanged)]
    [InlineData(CreateParts + "ALTER TABLE low ADD UNIQUE (version);", "low", "low_version_key", PostgresSourceErrorCodes.IdentityChanged)] // the log describes the root alone
    public async Task Identity_altered_to_other_columns_than_the_key_stops_and_what_the_error_says_frees_it(string create, string altered, string index, string code)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{create} INSERT INTO item VALUES (1, 'one', 1), (2, 'two', 2)");
        await using var source = await LatestAsync(database);
        await database.ExecuteAsync("UPDATE item SET name = 'uno' WHERE id = 1");
        await source.ReadUntilAsync(() => source.Changes.Count >= 1);
        await database.ExecuteAsync($"ALTER TABLE {altered} REPLICA IDENTITY USING INDEX {index}");
        await database.ExecuteAsync("INSERT INTO item VALUES (3, 'three', 3)");
        await database.ExecuteAsync("DELETE FROM item WHERE id = 2");

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.ReadUntilAsync(() => source.Changes.Count >= 4));

        Assert.Equal(code, error.Code);
        Assert.Contains("--resnapshot public.item", error.Fix, StringComparison.Ordinal);
        var fix = error.Fix![error.Fix!.IndexOf("ALTER TABLE", StringComparison.Ordinal)..];
        await database.ExecuteAsync(fix[..(fix.IndexOf(';', StringComparison.Ordinal) + 1)]);
        Assert.DoesNotContain((await CheckAsync(source)).Checks, check => check.Status == PreflightStatus.Failed);
    }

    [Theory]
    [InlineData("ALTER TABLE low ADD UNIQUE (version); ALTER TABLE low REPLICA IDENTITY USING INDEX low_version_key", "low", PreflightStatus.Failed)]
    [InlineData("ALTER TABLE high REPLICA IDENTITY NOTHING", "high", PreflightStatus.Failed)]
    [InlineData("ALTER TABLE item REPLICA IDENTITY FULL", "high", PreflightStatus.Warning)]
    public async Task Partition_whose_identity_does_not_name_rows_is_refused_and_the_fix_fixes(string alter, string named, PreflightStatus status)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateParts} {alter}");
        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name });

        var check = Assert.Single((await CheckAsync(source)).Checks, IsUnsound);

        Assert.Equal((status, PostgresSourceErrorCodes.ReplicaIdentity), (check.Status, check.Code));
        Assert.Contains(named, check.Sentence, StringComparison.Ordinal);
        await database.ExecuteAsync(check.Fix!);
        Assert.DoesNotContain((await CheckAsync(source)).Checks, IsUnsound);

        static bool IsUnsound(PreflightCheck check) => check.Status != PreflightStatus.Passed && check.Name == "replica_identity public.item";
    }

    [Fact]
    public async Task Key_stored_out_of_line_is_taken_from_the_old_key()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            "CREATE TABLE item (id text PRIMARY KEY, name text, version bigint NOT NULL); ALTER TABLE item ALTER id SET STORAGE EXTERNAL; "
            + $"INSERT INTO item SELECT string_agg(md5(i::text), ''), {LargeText}, 1 FROM generate_series(1, 70) i");
        var key = (await database.QueryAsync("SELECT id FROM item"))[0][0]!;
        await using var source = new SourceHarness<TextItem, TextItemCodec>(
            database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, Startup = Startup.Latest });
        await source.OpenAsync();
        await database.ExecuteAsync("UPDATE item SET version = 2; UPDATE item SET name = 'small', version = 3; UPDATE item SET id = 'short'; DELETE FROM item");

        await source.ReadUntilAsync(() => source.Changes.Count >= 5);

        Assert.Equal((Operation.Update, key, false, 2L), Seen(source.Changes[0]));
        Assert.Equal((Operation.Update, key, true, 3L), Seen(source.Changes[1]));
        Assert.Equal((Operation.Delete, key), (source.Changes[2].Operation, source.Changes[2].Before!.Id));
        Assert.Equal((Operation.Insert, "short", true, 3L), Seen(source.Changes[3]));
        Assert.All(source.Changes, change => Assert.True(change.IsAvailable(nameof(TextItem.Id))));

        static (Operation, string, bool, long) Seen(Change<TextItem> change) =>
            (change.Operation, change.After!.Id, change.IsAvailable(nameof(TextItem.Name)), change.After.Version);
    }

    private static async Task<SourceHarness<Item, ItemCodec>> LatestAsync(TestDatabase database)
    {
        var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, Startup = Startup.Latest });
        await source.OpenAsync();
        return source;
    }

    private static async Task<PreflightReport> CheckAsync(SourceHarness<Item, ItemCodec> source)
    {
        await using var connector = source.Connector();
        return await connector.PreflightAsync(state: null, TestContext.Current.CancellationToken);
    }
}
