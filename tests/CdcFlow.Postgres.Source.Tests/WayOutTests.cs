using System.Text.RegularExpressions;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Errors that would come again at each start: what they name, and that what they advise, taken word by word, frees the pipeline.</summary>
public partial class WayOutTests(SharedServer shared)
{
    private const string Create = "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint); INSERT INTO item VALUES (1, 'one', 1);";

    [Theory]
    [InlineData(
        "ALTER TABLE item ALTER version TYPE numeric; INSERT INTO item VALUES (7, 'bad', 'NaN'); DELETE FROM item WHERE id = 7", "ALTER TABLE item ALTER version TYPE bigint",
        PostgresWireErrorCodes.ColumnsDoNotFit, "Version: column 'version' is numeric")]
    [InlineData("INSERT INTO item VALUES (7, 'bad', NULL)", "DELETE FROM item WHERE id = 7", ErrorCodes.NullColumn, "Column 'version' of item is NULL")]
    [InlineData(
        "ALTER TABLE item ADD UNIQUE (name); ALTER TABLE item ALTER name SET NOT NULL; ALTER TABLE item REPLICA IDENTITY USING INDEX item_name_key; DELETE FROM item WHERE id = 1",
        "ALTER TABLE item REPLICA IDENTITY DEFAULT",
        PostgresSourceErrorCodes.IdentityChanged, "An update or delete of public.item does not say which row it is of")]
    public async Task Transaction_that_cannot_be_read_is_skipped_by_what_its_error_says(string bad, string mend, string code, string says)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create);
        await using var source = Latest(database);
        await source.OpenAsync();
        await source.ReadAsync();
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'two', 2)");
        await database.ExecuteAsync($"BEGIN; INSERT INTO item VALUES (5, 'five', 5); {bad}; COMMIT;");
        await database.ExecuteAsync($"BEGIN; {mend}; COMMIT; INSERT INTO item VALUES (3, 'three', 3)");

        var first = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.ReadUntilAsync(() => false));
        await source.CrashAsync();
        var again = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.ReadUntilAsync(() => false));
        Assert.Equal((code, first.Message), (again.Code, again.Message));
        Assert.Contains(says, again.Message, StringComparison.Ordinal);
        Assert.Contains("run --resnapshot public.item", again.Mend, StringComparison.Ordinal);

        source.SkipTo = SkipTo().Match(again.Mend!).Groups[1].Value;
        await source.CrashAsync();
        await source.ReadUntilAsync(() => source.Changes.Exists(change => change.After?.Id == 3));

        Assert.Equal([2L, 5L, 3L], source.Changes.Where(change => change.Operation == Operation.Insert).Select(change => change.Row.Id));
        Assert.Contains(source.Log.Lines, line => line.Contains(says, StringComparison.Ordinal));
        Assert.Contains(source.Log.Lines, line => line.StartsWith(PostgresSourceErrorCodes.Skipped, StringComparison.Ordinal) && line.Contains("run --resnapshot public.item", StringComparison.Ordinal));

        // Behind the place such a change stops as ever.
        await database.ExecuteAsync("ALTER TABLE item DROP version; INSERT INTO item VALUES (6, 'six')");
        await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.ReadUntilAsync(() => false));
    }

    [Theory]
    [InlineData("here", "is no place in PostgreSQL's log")]
    [InlineData("FFFFFFFF/0", "The server's log ends at")]
    public async Task Place_that_is_not_in_the_log_is_refused(string place, string says)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create);
        await using var source = Latest(database);
        source.SkipTo = place;

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.OpenAsync());

        Assert.Equal(PostgresSourceErrorCodes.SkipRefused, error.Code);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_that_are_no_utf8_name_table_column_and_key(bool isInSnapshot)
    {
        var database = await shared.CreateAsync("TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'");
        await database.ExecuteAsync(Create);
        const string bad = "INSERT INTO item VALUES (7, E'Stra\\337e', 1)";
        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name });
        if (isInSnapshot)
        {
            await database.ExecuteAsync(bad);
        }

        await source.OpenAsync();
        if (!isInSnapshot)
        {
            await source.ReadUntilAsync(() => source.HasWholeSnapshot);
            await database.ExecuteAsync(bad);
        }

        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => source.ReadUntilAsync(() => false));

        Assert.Equal(PostgresWireErrorCodes.ValueDoesNotFit, error.Code);
        Assert.Contains("Column 'name' (text) of public.item holds bytes that are not UTF-8", error.Message, StringComparison.Ordinal);
        Assert.Contains("It is the row of key 7.", error.Message, StringComparison.Ordinal);
        if (!isInSnapshot)
        {
            source.SkipTo = SkipTo().Match(error.Mend!).Groups[1].Value;
            await database.ExecuteAsync("INSERT INTO item VALUES (8, E'Stra\\303\\237e', 1)");
            await source.CrashAsync();
            await source.ReadUntilAsync(() => source.Changes.Exists(change => change.After?.Id == 8));
            Assert.Equal("Straße", source.Changes[^1].After!.Name);
        }
    }

    [Fact]
    public async Task Renamed_database_is_gone_on_with()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create);
        await using var source = Latest(database);
        await source.OpenAsync();
        await source.ReadAsync();
        var state = source.LastState;
        await source.CloseAsync();
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'two', 2)");
        await database.SlotIsFreeAsync(database.Name);
        var renamed = new TestDatabase(database.Server, database.Name + "_new");
        await database.Server.ExecuteAsync($"ALTER DATABASE {database.Name} RENAME TO {renamed.Name}", "postgres", TestContext.Current.CancellationToken);
        await using var later = new SourceHarness<Item, ItemCodec>(
            renamed.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, Startup = Startup.Latest });

        await later.OpenAsync(state);
        await later.ReadUntilAsync(() => later.Changes.Count >= 1);

        Assert.Equal((2L, renamed.Name), (later.Changes[0].After!.Id, later.Changes[0].Metadata.Origin.Database));
    }

    private static SourceHarness<Item, ItemCodec> Latest(TestDatabase database) =>
        new(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, Startup = Startup.Latest });

    [GeneratedRegex("run --skip-to shop=([0-9A-F]+/[0-9A-F]+)")]
    private static partial Regex SkipTo();
}
