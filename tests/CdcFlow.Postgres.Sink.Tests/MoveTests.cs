using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>Rows that change their key, alone and in each other's way: the sink's table is the source's after every checkpoint.</summary>
public sealed class MoveTests(SinkServer server)
{
    private const string Deferrable = "PRIMARY KEY (id) DEFERRABLE INITIALLY DEFERRED); ALTER TABLE accounts REPLICA IDENTITY FULL";
    private const string Immediate = "PRIMARY KEY (id)); ALTER TABLE accounts ALTER COLUMN note SET STORAGE EXTERNAL";
    private const int LargestId = 12;

    [Fact]
    public async Task Keys_that_move_up_by_one_keep_all_rows()
    {
        var database = await DatabaseAsync(Deferrable, "INSERT INTO accounts SELECT g, 'o' || g, g FROM generate_series(1, 3) g");
        await using var copy = await CopyAsync(database);
        await copy.CopyAsync(3);
        await database.ExecuteAsync("UPDATE accounts SET id = id + 1");
        await copy.CopyAsync(9);
        Assert.Equal([["2", "o1"], ["3", "o2"], ["4", "o3"]], await database.QueryAsync("SELECT id, owner FROM dwh.accounts ORDER BY id"));
    }

    [Theory]
    [InlineData("UPDATE accounts SET id = 2 WHERE owner = 'o1'; UPDATE accounts SET id = 9 WHERE owner = 'o1'")] // through a key that is taken
    [InlineData("UPDATE accounts SET id = 2 WHERE owner = 'o1'; UPDATE accounts SET id = 1 WHERE owner = 'o2'")] // swap
    [InlineData("UPDATE accounts SET id = id % 3 + 1")] // cycle
    [InlineData("UPDATE accounts SET id = 2 WHERE owner = 'o1'; DELETE FROM accounts WHERE owner = 'o2'")]
    [InlineData("UPDATE accounts SET id = 2 WHERE owner = 'o1'; DELETE FROM accounts WHERE owner = 'o1'")]
    [InlineData("INSERT INTO accounts VALUES (2, 'new'); UPDATE accounts SET owner = 'x' WHERE owner = 'o2'; DELETE FROM accounts WHERE owner = 'new'")]
    [InlineData("INSERT INTO accounts VALUES (2, 'new'); UPDATE accounts SET owner = 'x' WHERE owner = 'new'; DELETE FROM accounts WHERE owner = 'o2'")]
    [InlineData("INSERT INTO accounts VALUES (9, 'new'); DELETE FROM accounts WHERE id = 9")]
    [InlineData("DELETE FROM accounts; INSERT INTO accounts VALUES (1, 'new'); UPDATE accounts SET id = 5")]
    [InlineData("INSERT INTO accounts VALUES (2, 'o2', 2); DELETE FROM accounts WHERE ctid = (SELECT min(ctid) FROM accounts WHERE id = 2)")] // twins
    public async Task What_a_transaction_left_is_what_the_sink_has(string transaction)
    {
        var database = await DatabaseAsync(Deferrable, "INSERT INTO accounts SELECT g, 'o' || g, g FROM generate_series(1, 3) g");
        await using var copy = await CopyAsync(database);
        await copy.CopyAsync(3);
        await database.ExecuteAsync($"BEGIN; {transaction}; COMMIT");
        await AssertSameAsync(database, copy);
    }

    [Fact]
    public async Task Transaction_that_is_larger_than_the_sinks_buffer_keeps_all_rows()
    {
        const int rows = 12_000;
        var database = await DatabaseAsync(Deferrable, $"INSERT INTO accounts SELECT g, 'o' || g, g FROM generate_series(1, {rows}) g");
        await using var copy = await CopyAsync(database);
        await copy.CopyAsync(rows);
        await database.ExecuteAsync("UPDATE accounts SET id = id + 1");
        await AssertSameAsync(database, copy);
    }

    [Theory]
    [InlineData("CREATE UNIQUE INDEX ON accounts (id)", false)]
    [InlineData("ALTER TABLE accounts ADD UNIQUE (id) DEFERRABLE", true)]
    [InlineData("CREATE UNIQUE INDEX ON accounts (id) WHERE balance > 0", true)]
    [InlineData("CREATE UNIQUE INDEX ON accounts (id, owner)", true)]
    [InlineData("CREATE UNIQUE INDEX ON accounts (id) INCLUDE (owner)", false)]
    [InlineData("CREATE UNIQUE INDEX ON accounts (abs(id))", true)]
    public async Task Keys_of_a_table_without_primary_key_may_overlap_unless_a_unique_index_checks_them_with_each_row(string index, bool mayOverlap)
    {
        var database = await DatabaseAsync("CHECK (true)); ALTER TABLE accounts REPLICA IDENTITY FULL", index);
        await using var copy = await CopyAsync(database);
        await database.ExecuteAsync("INSERT INTO accounts SELECT g, 'o' || g, g FROM generate_series(1, 3) g");
        await AssertSameAsync(database, copy);
        await database.ExecuteAsync("UPDATE accounts SET id = id + 10"); // the snapshot is over, so the log tells
        await AssertSameAsync(database, copy);
        Assert.Equal(mayOverlap, copy.Changes[^1].Metadata.Origin.Table.KeysMayOverlap);
    }

    [Theory]
    [InlineData(Deferrable, 1)]
    [InlineData(Deferrable, 2)]
    [InlineData(Deferrable, 3)]
    [InlineData(Immediate, 4)]
    [InlineData(Immediate, 5)]
    public async Task Random_transactions_leave_both_tables_the_same(string table, int seed)
    {
        var random = new Random(seed);
        var database = await DatabaseAsync(table, $"INSERT INTO accounts SELECT g, 'o' || g, g, {Large(0)} FROM generate_series(1, 8) g");
        await using var copy = await CopyAsync(database);
        await copy.CopyAsync(8);
        for (var checkpoint = 0; checkpoint < 12; checkpoint++)
        {
            for (var transaction = random.Next(1, 6); transaction > 0; transaction--)
            {
                await TryAsync(database, string.Join("; ", Enumerable.Range(0, random.Next(1, 6)).Select(_ => Statement(random))));
            }

            await AssertSameAsync(database, copy);
        }
    }

    [Fact]
    public async Task Update_of_the_key_keeps_a_large_value_that_the_log_did_not_carry()
    {
        var database = await DatabaseAsync(Immediate, $"INSERT INTO accounts SELECT g, 'o' || g, g, {Large(1)} FROM generate_series(1, 3) g");
        await using var copy = await CopyAsync(database);
        await copy.CopyAsync(3);
        await database.ExecuteAsync("UPDATE accounts SET id = 9 WHERE id = 1; UPDATE accounts SET id = 1 WHERE id = 2; UPDATE accounts SET id = 2 WHERE id = 9; UPDATE accounts SET owner = 'x' WHERE id = 2");
        await AssertSameAsync(database, copy);
    }

    [Fact]
    [Trait("WayOut", "CDCF5012")]
    public async Task Row_whose_large_value_nobody_has_is_named_and_goes_on_once_it_was_put_there_by_hand()
    {
        var database = await DatabaseAsync(Immediate, $"INSERT INTO accounts VALUES (1, 'o1', 1, {Large(1)})");
        await using var copy = await CopyAsync(database);
        await copy.CopyAsync(1);
        await database.ExecuteAsync("DELETE FROM dwh.accounts; UPDATE accounts SET id = 2, owner = 'x'");
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => copy.CopyAsync(3));
        Assert.Equal((PostgresSinkErrors.RowToUpdateMissing, true), (error.Code, error.IsSinkRefusal));
        Assert.Contains("the row of key 2, public.accounts, offset", error.Message, StringComparison.Ordinal);
        Assert.Contains("Note", error.Message, StringComparison.Ordinal);

        await copy.AbandonAsync();
        await using (var second = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 2, sink => sink.Schema = "dwh"))
        {
            await second.WriteAsync(AfterTheFirst(copy));
            error = await Assert.ThrowsAsync<CdcFlowException>(() => second.CheckpointAsync(2));
            Assert.Contains("Insert that row into \"dwh\".\"accounts\" by hand, under the key that it had before where the change is of its key, with Note as the source has them", error.Fix, StringComparison.Ordinal);
        }

        await database.ExecuteAsync("INSERT INTO dwh.accounts SELECT 1, '', 0, note FROM accounts");
        await using var again = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 3, sink => sink.Schema = "dwh");
        await again.WriteAsync(AfterTheFirst(copy));
        await again.CheckpointAsync(2);
        await AssertSameAsync(database);
    }

    [Fact]
    public async Task Ignored_delete_still_gives_the_moved_row_its_large_value()
    {
        var database = await DatabaseAsync(Immediate, $"INSERT INTO accounts VALUES (1, 'o1', 1, {Large(1)})");
        await using var copy = await CopyAsync(database, sink => sink.Deletes = RemovalMode.Ignore);
        await copy.CopyAsync(1);
        await database.ExecuteAsync("UPDATE accounts SET id = 2");
        await copy.CopyAsync(3);
        Assert.Equal([["1", "1"]], await database.QueryAsync("SELECT count(*) FILTER (WHERE id = 1), count(*) FILTER (WHERE id = 2 AND note = (SELECT note FROM accounts)) FROM dwh.accounts"));
    }

    private static Func<ChangeMetadata, Change<Account>>[] AfterTheFirst(SourceToSink<Account, AccountCodec> copy) =>
        [.. copy.Changes.Skip(1).Select(change => new Func<ChangeMetadata, Change<Account>>(_ => change))];

    private static string Statement(Random random)
    {
        int Id() => random.Next(1, LargestId + 1);
        string Owner() => $"o{random.Next(1, 9)}";
        return random.Next(12) switch
        {
            0 => "UPDATE accounts SET id = id + 1",
            1 => "UPDATE accounts SET id = id - 1",
            2 => $"UPDATE accounts SET id = {LargestId + 1} - id",
            3 => $"UPDATE accounts SET id = {Id()} WHERE owner = '{Owner()}'",
            4 => $"UPDATE accounts SET id = {Id()} WHERE id = {Id()}",
            5 => $"UPDATE accounts SET balance = {Id()} WHERE owner = '{Owner()}'",
            6 => $"UPDATE accounts SET note = {Large(random.Next())} WHERE id = {Id()}",
            7 => $"DELETE FROM accounts WHERE owner = '{Owner()}'",
            8 => $"INSERT INTO accounts VALUES ({Id()}, '{Owner()}', 0, {Large(random.Next())})",
            9 => $"INSERT INTO accounts VALUES ({Id()}, '{Owner()}', 0, NULL)",
            10 => $"UPDATE accounts SET id = id + {Id()}, balance = balance + 1 WHERE id > {Id()}",
            _ => random.Next(6) == 0 ? "TRUNCATE accounts" : $"UPDATE accounts SET owner = '{Owner()}' WHERE id = {Id()}",
        };
    }

    private static string Large(int seed) => $"repeat('{seed}-', 2000)";

    private static async Task TryAsync(TestDatabase database, string transaction)
    {
        try
        {
            await database.ExecuteAsync($"BEGIN; {transaction}; COMMIT");
        }
        catch (Npgsql.PostgresException refused) when (refused.SqlState is Npgsql.PostgresErrorCodes.UniqueViolation or Npgsql.PostgresErrorCodes.ObjectInUse)
        {
            // The transaction never was.
        }
    }

    private static async Task AssertSameAsync(TestDatabase database, SourceToSink<Account, AccountCodec> copy)
    {
        var mark = $"mark {copy.Changes.Count}";
        await database.ExecuteAsync($"INSERT INTO accounts VALUES ((SELECT COALESCE(max(id), 0) + 100 FROM accounts), '{mark}', 0, NULL)");
        await copy.CopyUntilAsync(() => copy.Changes.Exists(change => change.After?.Owner == mark));
        await AssertSameAsync(database);
    }

    private static async Task AssertSameAsync(TestDatabase database) => Assert.Equal(
        await database.QueryAsync("SELECT a::text FROM accounts a ORDER BY id"), await database.QueryAsync("SELECT a::text FROM dwh.accounts a ORDER BY id"));

    private async Task<TestDatabase> DatabaseAsync(string table, string rows)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync($"CREATE SCHEMA dwh AUTHORIZATION app; CREATE TABLE accounts (id int8, owner text DEFAULT '' NOT NULL, balance numeric DEFAULT 0 NOT NULL, note text, {table}; {rows}");
        return database;
    }

    private static Task<SourceToSink<Account, AccountCodec>> CopyAsync(TestDatabase database, Action<PostgresSinkAttribute>? configure = null) =>
        SourceToSink<Account, AccountCodec>.OpenAsync(database, "moves_" + database.Name, sink =>
        {
            sink.Schema = "dwh";
            configure?.Invoke(sink);
        });
}
