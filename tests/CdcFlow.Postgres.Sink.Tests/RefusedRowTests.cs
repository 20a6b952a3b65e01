using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>Rows that the table refuses for their own sake are set aside or skipped, all others are written, in one transaction.</summary>
public sealed class RefusedRowTests(SinkServer server)
{
    private const string Table =
        "CREATE TABLE accounts (id int8 PRIMARY KEY, owner varchar(5) CHECK (owner <> 'Eve'), balance numeric(5,2), note text); ALTER TABLE accounts OWNER TO app";

    /// <summary>Owners are unique, and a note is the owner of another row.</summary>
    private const string Related =
        "CREATE TABLE accounts (id int8 PRIMARY KEY, owner text UNIQUE CHECK (owner <> 'Eve'), balance numeric, note text REFERENCES accounts (owner)); ALTER TABLE accounts OWNER TO app";

    /// <summary>The same by a trigger, which quotes the value that it refuses.</summary>
    private const string ReferringTrigger = """
        ; CREATE FUNCTION refer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF NEW.note IS NOT NULL AND NOT EXISTS (SELECT FROM public.accounts WHERE owner = NEW.note) THEN RAISE EXCEPTION 'nobody is %', NEW.note; END IF; RETURN NULL; END $$;
        CREATE TRIGGER refer AFTER INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION refer()
        """;

    [Fact]
    public async Task Exactly_the_refused_rows_are_set_aside_and_a_crash_before_the_commit_leaves_neither_them_nor_the_others()
    {
        var database = await DatabaseAsync(Table);
        Account[] rows = [.. Enumerable.Range(1, 200).Select(id => new Account(id, "Ada", 1.5m, null))];
        rows[6] = rows[6] with { Owner = "Eve" };
        rows[42] = rows[42] with { Balance = 12345m };
        rows[43] = rows[43] with { Owner = "Bartholomew" };
        rows[199] = rows[199] with { Balance = 1.005m };
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, epoch, sink => sink.OnError = OnError.DeadLetter);
            await sink.InsertAsync(rows);
            var permit = await sink.PrepareAsync(1);
            Assert.Equal([["0", "0"]], await database.QueryAsync("SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM cdcflow_rejects)"));
            if (epoch == 2)
            {
                await sink.CommitAsync(permit);
            }
        }

        Assert.Equal([["196", "0"]], await database.QueryAsync("SELECT count(*), count(*) FILTER (WHERE id IN (7, 43, 44, 200)) FROM accounts"));
        Assert.Equal(
            [["200", "CDCF5004", "Insert", "f"], ["43", "CDCF5004", "Insert", "f"], ["44", "CDCF5004", "Insert", "f"], ["7", "CDCF5003", "Insert", "f"]],
            await database.QueryAsync("SELECT key, code, operation, leaves_old_row FROM cdcflow_rejects WHERE sink = 'sink' AND node = 'sink' ORDER BY key"));
        Assert.Equal([["43", "12345"]], await database.QueryAsync("SELECT evidence::json ->> 'id', evidence::json ->> 'balance' FROM cdcflow_rejects WHERE key = '43'"));
        Assert.Equal([["t"]], await database.QueryAsync("SELECT cause LIKE '%column \"owner\" is character varying(5)%' FROM cdcflow_rejects WHERE key = '44'"));
    }

    [Fact]
    public async Task Update_that_is_refused_leaves_the_row_as_it_was_and_the_next_one_that_fits_is_written()
    {
        var database = await DatabaseAsync(Table);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1, sink => sink.OnError = OnError.DeadLetter);
        var ada = new Account(1, "Ada", 1m, null);
        await sink.InsertAsync(ada, ada with { Id = 2 });
        await sink.CheckpointAsync(1);
        await sink.WriteAsync(metadata => Change<Account>.Update(null, ada with { Owner = "Eve" }, metadata), metadata => Change<Account>.Update(null, ada with { Id = 2, Note = "new" }, metadata));
        await sink.CheckpointAsync(2);
        Assert.Equal([["1", "Ada", null], ["2", "Ada", "new"]], await database.QueryAsync("SELECT id, owner, note FROM accounts ORDER BY id"));
        Assert.Equal([["1", "Update", "t"]], await database.QueryAsync("SELECT key, operation, leaves_old_row FROM cdcflow_rejects"));

        await sink.WriteAsync(metadata => Change<Account>.Update(null, ada with { Owner = "Bea" }, metadata));
        await sink.CheckpointAsync(3);
        Assert.Equal([["Bea"]], await database.QueryAsync("SELECT owner FROM accounts WHERE id = 1"));
    }

    [Fact]
    public async Task Refused_rows_are_skipped_and_no_table_of_rejects_is_made()
    {
        var database = await DatabaseAsync(Table);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1, sink => sink.OnError = OnError.Skip);
        await sink.InsertAsync(new Account(1, "Ada", 1m, null), new Account(2, "Eve", 1m, null), new Account(3, "Bea", 1m, null));
        await sink.CheckpointAsync(1);
        Assert.Equal([["1"], ["3"]], await database.QueryAsync("SELECT id FROM accounts ORDER BY id"));
        Assert.Equal([[null]], await database.QueryAsync("SELECT to_regclass('cdcflow_rejects')"));
    }

    [Fact]
    public async Task Refused_rows_of_an_appending_sink_are_set_aside_too()
    {
        var database = await DatabaseAsync("SELECT");
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(
            database.ConnectionString, 1, sink => (sink.OnError, sink.Mode) = (OnError.DeadLetter, PostgresSinkMode.Append));
        await database.ExecuteAsync("ALTER TABLE accounts ADD CHECK (owner <> 'Eve')");
        await sink.InsertAsync(new Account(1, "Ada", 1m, null), new Account(2, "Eve", 1m, null));
        await sink.CheckpointAsync(1);
        Assert.Equal([["1"]], await database.QueryAsync("SELECT id FROM accounts"));
        Assert.Equal([["2", "Eve"]], await database.QueryAsync("SELECT key, evidence::json ->> 'owner' FROM cdcflow_rejects"));
    }

    [Fact]
    public async Task Row_that_other_rows_have_a_part_in_stops_the_pipeline()
    {
        var database = await DatabaseAsync("CREATE TABLE accounts (id int8 PRIMARY KEY, owner text UNIQUE, balance numeric, note text); ALTER TABLE accounts OWNER TO app");
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1, sink => sink.OnError = OnError.DeadLetter);
        await sink.InsertAsync(new Account(1, "Ada", 1m, null), new Account(2, "Ada", 1m, null));
        Assert.Equal(PostgresSinkErrors.Constraint, (await Assert.ThrowsAsync<CdcFlowException>(() => sink.PrepareAsync(1))).Code);
    }

    [Fact]
    public async Task Trigger_that_refuses_rows_together_and_none_apart_stops_the_pipeline()
    {
        var database = await DatabaseAsync(
            Table + """
            ; CREATE FUNCTION few() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT count(*) FROM public.accounts) > 1 THEN RAISE EXCEPTION 'too many'; END IF; RETURN NULL; END $$;
            CREATE TRIGGER few AFTER INSERT ON accounts FOR EACH STATEMENT EXECUTE FUNCTION few()
            """);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1, sink => sink.OnError = OnError.DeadLetter);
        await sink.InsertAsync(new Account(1, "Ada", 1m, null), new Account(2, "Bea", 1m, null));
        Assert.Equal(PostgresSinkErrors.Server, (await Assert.ThrowsAsync<CdcFlowException>(() => sink.PrepareAsync(1))).Code);
    }

    [Fact]
    public async Task Evidence_is_the_refused_rows_own_after_an_earlier_merge_of_the_same_checkpoint()
    {
        var database = await DatabaseAsync(Table);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1, sink => sink.OnError = OnError.DeadLetter);
        await sink.InsertAsync(new Account(1, "Ada", 1m, null), new Account(2, "Bea", 1m, new string('x', 5 * 1024 * 1024))); // so much is merged at once
        await sink.InsertAsync(new Account(3, "Cyd", 1m, null), new Account(4, "Eve", 1m, null));
        await sink.CheckpointAsync(1);
        Assert.Equal([["1"], ["2"], ["3"]], await database.QueryAsync("SELECT id FROM accounts ORDER BY id"));
        Assert.Equal([["4", "4", "Eve"]], await database.QueryAsync("SELECT key, evidence::json ->> 'id', evidence::json ->> 'owner' FROM cdcflow_rejects"));
    }

    [Fact]
    public async Task Row_that_takes_over_a_removed_rows_unique_value_is_written_beside_a_refused_one()
    {
        var database = await DatabaseAsync(Related);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1, sink => sink.OnError = OnError.DeadLetter);
        var ada = new Account(1, "Ada", 1m, null);
        await sink.InsertAsync(ada);
        await sink.CheckpointAsync(1);
        await sink.WriteAsync(
            metadata => Change<Account>.Delete(ada, metadata),
            metadata => Change<Account>.Insert(ada with { Id = 2, Owner = "Eve" }, metadata),
            metadata => Change<Account>.Insert(ada with { Id = 3 }, metadata));
        await sink.CheckpointAsync(2);
        Assert.Equal([["3", "Ada"]], await database.QueryAsync("SELECT id, owner FROM accounts"));
        Assert.Equal([["2", "CDCF5003"]], await database.QueryAsync("SELECT key, code FROM cdcflow_rejects"));
    }

    [Fact]
    public async Task Row_that_refers_to_another_of_the_same_merge_is_written_beside_a_refused_one()
    {
        var database = await DatabaseAsync(Related);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1, sink => sink.OnError = OnError.DeadLetter);
        await sink.InsertAsync(new Account(1, "Ada", 1m, null), new Account(2, "Eve", 1m, null), new Account(3, "Bea", 1m, "Ada"));
        await sink.CheckpointAsync(1);
        Assert.Equal([["1", null], ["3", "Ada"]], await database.QueryAsync("SELECT id, note FROM accounts ORDER BY id"));
        Assert.Equal([["2", "CDCF5003"]], await database.QueryAsync("SELECT key, code FROM cdcflow_rejects"));

        await sink.InsertAsync(new Account(4, "Eve", 1m, null), new Account(5, "Cyd", 1m, "Zoe"));
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.PrepareAsync(2));
        Assert.Equal(PostgresSinkErrors.Constraint, error.Code);
        Assert.Contains("accounts_note_fkey", error.Message, StringComparison.Ordinal); // what the others are refused for, not the row that was set aside
    }

    [Fact]
    public async Task Row_that_a_trigger_refuses_only_without_the_others_is_written()
    {
        var database = await DatabaseAsync(Table + ReferringTrigger);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1, sink => sink.OnError = OnError.DeadLetter);
        await sink.InsertAsync(new Account(1, "Ada", 1m, null), new Account(2, "Eve", 1m, null), new Account(3, "Bea", 1m, "Ada"), new Account(4, "Cyd", 1m, "Zoe"));
        await sink.CheckpointAsync(1);
        Assert.Equal([["1"], ["3"]], await database.QueryAsync("SELECT id FROM accounts ORDER BY id"));
        Assert.Equal([["2", "CDCF5003"], ["4", "CDCF5002"]], await database.QueryAsync("SELECT key, code FROM cdcflow_rejects ORDER BY key"));
    }

    [Fact]
    public async Task What_a_trigger_says_stands_beside_the_row_and_never_in_a_message()
    {
        var database = await DatabaseAsync(Table + ReferringTrigger);
        await using (var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1))
        {
            await sink.InsertAsync(new Account(1, "Ada", 1m, "Zoe"));
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.PrepareAsync(1));
            Assert.Equal(PostgresSinkErrors.Server, error.Code);
            Assert.DoesNotContain("Zoe", error.ToString(), StringComparison.Ordinal);
            Assert.Contains("refer() refuses it (SQLSTATE P0001)", error.Message, StringComparison.Ordinal);
            Assert.Contains("key 1,", error.Message, StringComparison.Ordinal);
            Assert.Equal([["refer"]], await database.QueryAsync(error.Fix!.Split("See which: ")[1].Split(';')[0]));
        }

        await using var setting = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 2, sink => sink.OnError = OnError.DeadLetter);
        await setting.InsertAsync(new Account(1, "Ada", 1m, "Zoe"));
        await setting.CheckpointAsync(1);
        Assert.Equal([["nobody is Zoe", "f"]], await database.QueryAsync("SELECT message, cause LIKE '%Zoe%' FROM cdcflow_rejects"));
    }

    [Fact]
    public async Task Text_that_a_trigger_raises_under_a_state_of_its_own_is_in_no_message()
    {
        var database = await DatabaseAsync(Table + ReferringTrigger.Replace("NEW.note;", "NEW.note USING ERRCODE = 'insufficient_privilege';", StringComparison.Ordinal));
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1, sink => sink.OnError = OnError.DeadLetter);
        await sink.InsertAsync(new Account(1, "Ada", 1m, "Zoe"));
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.PrepareAsync(1));
        Assert.DoesNotContain("Zoe", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("refer() refuses it (SQLSTATE 42501)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Row_that_two_columns_refuse_for_different_reasons_is_set_aside()
    {
        var database = await DatabaseAsync("CREATE TABLE accounts (id int8 PRIMARY KEY, owner uuid, balance numeric(5,2), note text); ALTER TABLE accounts OWNER TO app");
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1, sink => sink.OnError = OnError.DeadLetter);
        await sink.InsertAsync(new Account(1, Guid.Empty.ToString(), 1m, null), new Account(2, "Ada", 12345m, null));
        await sink.CheckpointAsync(1);
        Assert.Equal([["1"]], await database.QueryAsync("SELECT id FROM accounts"));
        Assert.Equal([["2", "CDCF5004", "t"]], await database.QueryAsync("SELECT key, code, cause LIKE '%column \"balance\"%' FROM cdcflow_rejects"));
    }

    [Fact]
    public async Task More_refused_rows_than_are_allowed_stop_the_pipeline()
    {
        var database = await DatabaseAsync("CREATE TABLE readings (id int8 PRIMARY KEY, text text NOT NULL); CREATE TABLE short (id int8 PRIMARY KEY, text varchar(2) NOT NULL); ALTER TABLE short OWNER TO app");
        await database.ExecuteAsync("INSERT INTO readings SELECT i, CASE WHEN i <= 101 THEN 'long' ELSE 'ok' END FROM generate_series(1, 500) i");
        var copy = new CopyPipeline(database, ("warehouse", sink => (sink.Table, sink.OnError) = ("short", OnError.DeadLetter)));
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => copy.RunAsync<Reading, ReadingCodec>());
        Assert.Equal(ErrorCodes.TooManyRejects, error.Code);

        await database.ExecuteAsync("UPDATE readings SET text = 'ok' WHERE id = 1");
        await copy.RunAsync<Reading, ReadingCodec>();
        Assert.Equal([["400", "100"]], await database.QueryAsync("SELECT (SELECT count(*) FROM short), (SELECT count(*) FROM cdcflow_rejects)"));
    }

    private async Task<TestDatabase> DatabaseAsync(string create)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(create);
        return database;
    }
}
