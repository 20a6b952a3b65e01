using System.Globalization;
using static CdcFlow.Postgres.Source.Tests.WayOut;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Errors that would come again at each start: what they name, and that what they advise, taken word by word, frees the pipeline.</summary>
public class WayOutTests(SharedServer shared)
{
    private const string Create = "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint); INSERT INTO item VALUES (1, 'one', 1);";

    [Theory]
    [Trait("WayOut", "CDCF4011"), Trait("WayOut", "CDCF4065"), Trait("WayOut", "CDCF4070"), Trait("WayOut", "CDCF4071")]
    [InlineData(
        "ALTER TABLE item ALTER version TYPE numeric; INSERT INTO item VALUES (7, 'bad', 'NaN'); DELETE FROM item WHERE id = 7", "ALTER TABLE item ALTER version TYPE bigint",
        PostgresWireErrorCodes.ColumnsDoNotFit, "Version: column 'version' is numeric")]
    [InlineData("INSERT INTO item VALUES (7, 'bad', NULL)", "DELETE FROM item WHERE id = 7", ErrorCodes.NullColumn, "Column 'version' of item is NULL")]
    [InlineData(
        "ALTER TABLE item ADD UNIQUE (name); ALTER TABLE item ALTER name SET NOT NULL; ALTER TABLE item REPLICA IDENTITY USING INDEX item_name_key; DELETE FROM item WHERE id = 1",
        null, PostgresSourceErrorCodes.IdentityChanged, "An update or delete of public.item does not say which row it is of")]
    public async Task Transaction_that_cannot_be_read_is_skipped_by_what_its_error_says(string bad, string? repair, string code, string says)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create);
        await using var source = await FinishedAsync(database);
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'two', 2)");
        await database.ExecuteAsync($"BEGIN; INSERT INTO item VALUES (5, 'five', 5); {bad}; COMMIT;");
        if (repair is not null)
        {
            await database.ExecuteAsync(repair);
        }
        else
        {
            await database.TakeSqlAsync((await source.StopsTwiceAsync(PostgresSourceErrorCodes.Key)).Fix!);
        }

        await database.ExecuteAsync("INSERT INTO item VALUES (3, 'three', 3)");
        var error = await source.StopsTwiceAsync(code);

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        source.SkipTo = "here";
        Assert.Contains("is no place in PostgreSQL's log", (await source.StopsTwiceAsync(PostgresSourceErrorCodes.SkipRefused)).Message, StringComparison.Ordinal);
        source.SkipTo = "FFFFFFFF/0";
        Assert.Contains("The server's log ends at", (await source.StopsTwiceAsync(PostgresSourceErrorCodes.SkipRefused)).Message, StringComparison.Ordinal);
        source.SkipTo = Place(error.Fix!);
        await source.RunAsync();

        Assert.Equal([2L, 5L, 3L], source.Changes.Where(change => change.Operation == Operation.Insert).Select(change => change.Row.Id));
        Assert.Contains(source.Log.Lines, line => line.Contains(says, StringComparison.Ordinal));
        Assert.Contains(source.Log.Lines, line => line.StartsWith(PostgresSourceErrorCodes.Skipped, StringComparison.Ordinal) && line.Contains("run --resnapshot public.item", StringComparison.Ordinal));
        Assert.Contains("run --resnapshot public.item", error.Fix, StringComparison.Ordinal);
        source.SkipTo = null;
        await source.RunResnapshotAsync("public.item");
        await source.AssertGoesOnAsync(database);
    }

    [Fact, Trait("WayOut", "CDCF4011")]
    public async Task Many_transactions_of_an_earlier_form_are_left_out_by_reading_the_table_anew()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create);
        await using var source = await FinishedAsync(database);
        await database.ExecuteAsync("ALTER TABLE item ALTER version TYPE numeric");
        for (var id = 2; id < 6; id++)
        {
            await database.ExecuteAsync($"INSERT INTO item VALUES ({id}, 'numeric', 1)");
        }

        await database.ExecuteAsync("DELETE FROM item WHERE id = 1; UPDATE item SET id = 50 WHERE id = 5");
        var error = await source.StopsTwiceAsync(PostgresWireErrorCodes.ColumnsDoNotFit);
        Assert.DoesNotContain("--skip-to", error.Fix, StringComparison.Ordinal);
        await database.ExecuteAsync("ALTER TABLE item ALTER version TYPE bigint");
        error = await source.StopsTwiceAsync(PostgresWireErrorCodes.ColumnsDoNotFit);
        Assert.Contains("read the table anew instead: run --resnapshot public.item", error.Fix, StringComparison.Ordinal);

        await source.RunResnapshotAsync("public.item");
        await source.AssertGoesOnAsync(database);
    }

    [Theory, Trait("WayOut", "CDCF4012")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_that_are_no_utf8_name_table_column_and_key_and_are_written_anew_by_the_sql_of_the_message(bool isInSnapshot)
    {
        var database = await shared.CreateAsync("TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'");
        await database.ExecuteAsync(Create);
        const string bad = "INSERT INTO item VALUES (7, E'Stra\\337e', 1)";
        await using var source = ItemsOf(database);
        if (!isInSnapshot)
        {
            await source.RunAsync();
        }

        await database.ExecuteAsync(bad);
        var error = await source.StopsTwiceAsync(PostgresWireErrorCodes.ValueDoesNotFit);
        Assert.Contains("Column 'name' (text) of public.item holds bytes that are not UTF-8", error.Message, StringComparison.Ordinal);
        Assert.Contains("It is the row of key 7.", error.Message, StringComparison.Ordinal);
        await database.TakeSqlAsync(error.Fix!.Replace("…", "id = 7", StringComparison.Ordinal));
        if (!isInSnapshot)
        {
            source.SkipTo = Place(error.Fix!);
            await source.RunAsync();
            source.SkipTo = null;
            await source.RunResnapshotAsync("public.item");
        }

        await source.AssertGoesOnAsync(database);
        Assert.Contains(source.Changes, change => change.After?.Name == "Straße");
    }

    [Theory, Trait("WayOut", "CDCF4012")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Value_that_the_property_cannot_hold_is_read_once_the_property_is_the_string_of_the_message(bool isInSnapshot)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE item (id bigint PRIMARY KEY, name timestamp, version bigint); INSERT INTO item VALUES (1, '2020-01-01', 1)");
        await using var strict = Of<Item, TimestampItemCodec>(database);
        if (!isInSnapshot)
        {
            await strict.RunAsync();
        }

        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'infinity', 1)");
        var error = await strict.StopsTwiceAsync(PostgresWireErrorCodes.ValueDoesNotFit);
        Assert.StartsWith("Make the property a string (the server's own text).", error.Fix, StringComparison.Ordinal);

        await using var source = ItemsOf(database);
        source.Checkpoints.AddRange(strict.Checkpoints);
        await source.RunAsync();
        Assert.Contains(source.Changes, change => change.Row.Name == "infinity");
    }

    [Fact, Trait("WayOut", "CDCF4047")]
    public async Task Transaction_that_has_fewer_events_than_were_delivered_of_it_is_passed_by_what_its_error_says()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create);
        await using var source = await FinishedAsync(database);
        var before = (source.Changes.Count, source.Checkpoints[^1]);
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'two', 2), (3, 'three', 3)");
        var inside = $"\"inside\":{{\"commitLsn\":\"{await CommitOfLastInsertAsync(database)}\",\"event\":9}},\"tables\"";
        source.Checkpoints.Clear();
        source.Checkpoints.Add((before.Item1, System.Text.Json.JsonDocument.Parse(before.Item2.State.GetRawText().Replace("\"tables\"", inside, StringComparison.Ordinal)).RootElement));

        var error = await source.StopsTwiceAsync(PostgresSourceErrorCodes.State);
        Assert.Contains("has 2 events now and had at least 9", error.Message, StringComparison.Ordinal);
        source.SkipTo = Place(error.Fix!);
        await source.RunAsync();
        source.SkipTo = null;
        await source.RunResnapshotAsync("public.item");
        await source.AssertGoesOnAsync(database);
    }

    [Fact]
    public async Task Renamed_database_is_gone_on_with()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(Create);
        await using var source = await FinishedAsync(database);
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'two', 2)");
        await database.SlotIsFreeAsync(database.Name);
        var renamed = new TestDatabase(database.Server, database.Name + "_new");
        await database.Server.ExecuteAsync($"ALTER DATABASE {database.Name} RENAME TO {renamed.Name}", "postgres", TestContext.Current.CancellationToken);
        await using var later = new SourceHarness<Item, ItemCodec>(
            renamed.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, Startup = Startup.Latest });

        await later.OpenAsync(source.LastState);
        await later.ReadUntilAsync(() => later.Changes.Count >= 1);

        Assert.Equal((2L, renamed.Name), (later.Changes[0].After!.Id, later.Changes[0].Metadata.Origin.Table.Database));
    }

    /// <summary>Looks at what the slot has to deliver, which stays there.</summary>
    private static async Task<Replication.Lsn> CommitOfLastInsertAsync(TestDatabase database)
    {
        await database.SlotIsFreeAsync(database.Name);
        var begin = await database.QueryAsync(
            $"""
            WITH message AS (
                SELECT xid, data FROM pg_logical_slot_peek_binary_changes('{database.Name}', NULL, NULL, 'proto_version', '1', 'publication_names', '{database.Name}'))
            SELECT encode(substring(data FROM 2 FOR 8), 'hex') FROM message
            WHERE get_byte(data, 0) = ascii('B') AND xid::text IN (SELECT xid::text FROM message WHERE get_byte(data, 0) = ascii('I'))
            """);
        return new Replication.Lsn(ulong.Parse(Assert.Single(begin)[0]!, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
