using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>A table is what the server knows it by, and not its name.</summary>
public class TableIdentityTests(SharedServer shared)
{
    private const string Create = "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL); INSERT INTO item VALUES (1, 'one', 1), (2, 'two', 1)";

    public static TheoryData<string, bool> Replacements => new()
    {
        { "DROP TABLE item; CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL); INSERT INTO item VALUES (7, 'new', 1)", false },
        { "DROP TABLE item; CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL); INSERT INTO item VALUES (7, 'new', 1)", true },
        { "CREATE TABLE fresh (id bigint PRIMARY KEY, name text, version bigint NOT NULL); INSERT INTO fresh VALUES (7, 'new', 1); ALTER TABLE item RENAME TO old; ALTER TABLE fresh RENAME TO item", false },
        { "CREATE SCHEMA attic; ALTER TABLE item SET SCHEMA attic; CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL); INSERT INTO item VALUES (7, 'new', 1)", true },
    };

    [Theory, MemberData(nameof(Replacements))]
    public async Task Another_table_of_the_name_stops_at_the_start_and_is_read_anew_when_needed(string replacement, bool forAllTables)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create);
        await using var source = await FinishedAsync(database, forAllTables);
        await database.ExecuteAsync(replacement);

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.OpenAsync(source.LastState));
        Assert.Equal((PostgresSourceErrorCodes.OtherTable, true, false), (error.Code, error.IsPositionLost, error.IsTransient));
        await source.CloseAsync();
        await database.SlotIsFreeAsync(database.Name);

        source.Configuration["Startup"] = "WhenNeeded";
        await source.OpenAsync(source.LastState);
        Assert.True(await source.ReadAsync());
        await source.ReadUntilAsync(() => source.HasWholeSnapshot);
        await database.ExecuteAsync("INSERT INTO item VALUES (8, 'later', 1)");
        await source.ReadUntilAsync(() => source.Changes[^1] is { Operation: Operation.Insert, Row.Id: 8 });

        Fold.OfLastRead(source.Changes).AssertIs(await Fold.TableAsync(database));
        Assert.Contains(source.Log.Lines, line => line.StartsWith(PostgresSourceErrorCodes.ReadAnew, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Replacements))]
    public async Task Another_table_of_the_name_is_noticed_while_the_source_runs(string replacement, bool forAllTables)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create);
        await using var source = await FinishedAsync(database, forAllTables);
        await source.OpenAsync(source.LastState);
        await database.ExecuteAsync(replacement);

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(source.ReadToEndAsync);

        Assert.Equal((PostgresSourceErrorCodes.OtherTable, true), (error.Code, error.IsPositionLost));
    }

    [Theory]
    [InlineData("ALTER TABLE item RENAME TO away", "ALTER TABLE away RENAME TO item", "away")]
    [InlineData("CREATE SCHEMA attic; ALTER TABLE item SET SCHEMA attic", "ALTER TABLE attic.item SET SCHEMA public", "attic.item")]
    public async Task Changes_of_a_table_under_another_name_for_a_while_are_delivered(string away, string back, string meanwhile)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create);
        await using var source = await FinishedAsync(database);
        await database.ExecuteAsync(away);
        await database.ExecuteAsync($"INSERT INTO {meanwhile} VALUES (3, 'away', 1); UPDATE {meanwhile} SET version = 2 WHERE id = 1");
        await database.ExecuteAsync(back);
        await database.ExecuteAsync("DELETE FROM item WHERE id = 2");

        await source.OpenAsync(source.LastState, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
        Assert.Contains(source.Log.Lines, line => line.StartsWith(PostgresSourceErrorCodes.TableAway, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Table_that_leaves_the_schema_of_its_publication_while_the_source_runs_is_not_called_delivered()
    {
        var database = await shared.CreateAsync();
        await database.SkipBelowAsync(15, "schemas in publications");
        await database.ExecuteAsync($"{Create}; CREATE SCHEMA attic; CREATE PUBLICATION {database.Name} FOR TABLES IN SCHEMA public WITH (publish_via_partition_root = true)");
        await using var source = await FinishedAsync(database);
        await source.OpenAsync(source.LastState);
        await database.ExecuteAsync("ALTER TABLE item SET SCHEMA attic; INSERT INTO attic.item VALUES (3, 'unpublished', 1)");

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(source.ReadToEndAsync);

        Assert.Equal((PostgresSourceErrorCodes.PublicationGap, true), (error.Code, error.IsPositionLost));
        Assert.Contains("the table left a schema that it publishes", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(source.Log.Lines, line => line.Contains("still delivered", StringComparison.Ordinal));
        await source.CloseAsync();
        await database.SlotIsFreeAsync(database.Name);

        await database.ExecuteAsync("ALTER TABLE attic.item SET SCHEMA public");
        await source.RunResnapshotAsync("lost");
        Fold.OfLastRead(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    [Fact, Trait("WayOut", "CDCF4054")]
    public async Task Renamed_table_goes_on_after_either_of_the_ways_that_the_message_names()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create);
        await using var source = await FinishedAsync(database);
        await database.ExecuteAsync("ALTER TABLE item RENAME TO goods; INSERT INTO goods VALUES (3, 'three', 1)");

        var error = await source.StopsTwiceAsync(PostgresSourceErrorCodes.TableAway);

        var table = Between(error.Fix!, "Table = \"", "\"");
        await using (var renamed = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, Table = table }))
        {
            await renamed.OpenAsync(source.LastState, Boundedness.UntilCaughtUp);
            await renamed.ReadToEndAsync();
            Assert.Equal([(Operation.Insert, 3)], renamed.Changes.Select(change => (change.Operation, change.Row.Id)));
        }

        await database.SlotIsFreeAsync(database.Name);
        await database.ExecuteAsync(Between(error.Fix!, "name back: ", ";"));
        await source.OpenAsync(source.LastState, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();
        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
    }

    private static string Between(string text, string from, string to) => text.Split(from)[1].Split(to)[0];

    private static async Task<SourceHarness<Item, ItemCodec>> FinishedAsync(TestDatabase database, bool forAllTables = false)
    {
        if (forAllTables)
        {
            await database.ExecuteAsync($"CREATE PUBLICATION {database.Name} FOR ALL TABLES WITH (publish_via_partition_root = true)");
        }

        var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, HeartbeatSeconds = 1 });
        await source.OpenAsync(boundedness: Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();
        await source.CloseAsync();
        await database.SlotIsFreeAsync(database.Name);
        return source;
    }
}
