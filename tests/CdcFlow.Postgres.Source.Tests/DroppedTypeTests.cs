namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Rows in the log whose types are gone by the time that they are read.</summary>
public class DroppedTypeTests(SharedServer shared)
{
    [Theory]
    [InlineData(
        "CREATE TYPE mood AS ENUM ('glad', 'sad')", "mood", "glad",
        "CREATE TYPE mood_new AS ENUM ('glad', 'sad', 'calm'); ALTER TABLE item ALTER name TYPE mood_new USING name::text::mood_new; "
        + "ALTER TYPE mood RENAME TO mood_old; ALTER TYPE mood_new RENAME TO mood; DROP TYPE mood_old")]
    [InlineData("CREATE DOMAIN label AS text CHECK (VALUE <> '')", "label", "glad", "ALTER TABLE item ALTER name TYPE text; DROP DOMAIN label; CREATE DOMAIN label AS text")]
    [InlineData("CREATE TYPE mood AS ENUM ('glad')", "mood[]", "{glad}", "ALTER TABLE item ALTER name TYPE text[] USING name::text[]; DROP TYPE mood")]
    public async Task Type_that_was_dropped_is_read_as_text_into_a_string(string create, string type, string value, string swap)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{create}; CREATE TABLE item (id bigint PRIMARY KEY, name {type}, version bigint NOT NULL)");
        await using var source = Latest(database);
        await source.OpenAsync();
        await source.CloseAsync();
        await database.ExecuteAsync($"INSERT INTO item VALUES (1, '{value}', 1); UPDATE item SET version = 2");
        await database.ExecuteAsync(swap);
        await database.ExecuteAsync($"INSERT INTO item VALUES (2, '{value}', 1)");

        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.Changes.Count >= 3);

        Assert.Equal([(1L, 1L, value), (1L, 2L, value), (2L, 1L, value)], source.Changes.Select(change => (change.After!.Id, change.After.Version, change.After.Name!)));
    }

    [Fact]
    public async Task Type_that_was_dropped_and_that_nobody_reads_stops_nothing()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE DOMAIN weight AS numeric; CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL, w weight)");
        await using var source = Latest(database);
        await source.OpenAsync();
        await source.CloseAsync();
        await database.ExecuteAsync("INSERT INTO item VALUES (1, 'one', 1, 7.5)");
        await database.ExecuteAsync("ALTER TABLE item DROP w; DROP DOMAIN weight");

        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.Changes.Count >= 1);

        Assert.Equal("one", source.Changes[0].After!.Name);
    }

    [Fact]
    public async Task Type_that_was_dropped_and_is_needed_names_its_column_and_what_to_do()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE DOMAIN counter AS bigint; CREATE TABLE item (id bigint PRIMARY KEY, name text, version counter NOT NULL)");
        await using var source = Latest(database);
        await source.OpenAsync();
        await source.CloseAsync();
        await database.ExecuteAsync("INSERT INTO item VALUES (1, 'one', 1)");
        await database.ExecuteAsync("ALTER TABLE item ALTER version TYPE bigint; DROP DOMAIN counter");
        await source.OpenAsync();

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.ReadUntilAsync(() => source.Changes.Count >= 1));

        Assert.Equal(PostgresWireErrorCodes.ColumnsDoNotFit, error.Code);
        Assert.Contains("Version: column 'version' is of a type that was dropped since", error.Message, StringComparison.Ordinal);
        Assert.Contains("run --resnapshot public.item", error.Fix, StringComparison.Ordinal);
    }

    private static SourceHarness<Item, ItemCodec> Latest(TestDatabase database) =>
        new(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, Startup = Startup.Latest });
}
