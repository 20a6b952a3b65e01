using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>The row events of a part of the log are counted by table, without moving the slot.</summary>
public class SkippedRowsTests(SharedServer shared)
{
    private static readonly TableId[] tables = [new("public", "item"), new("public", "parted"), new("public", "quiet")];

    [Fact]
    public async Task Row_events_of_the_tables_that_are_read_are_counted_between_two_commits()
    {
        var database = await PreparedAsync();
        var begin = await EndAsync(database);
        await database.ExecuteAsync("INSERT INTO item VALUES (1), (2)");
        var later = await EndAsync(database);
        await database.ExecuteAsync("BEGIN; UPDATE item SET id = 3 WHERE id = 2; DELETE FROM item WHERE id = 1; INSERT INTO parted VALUES (1); COMMIT");
        await database.ExecuteAsync("INSERT INTO other VALUES (1)");
        await database.ExecuteAsync("TRUNCATE other, item");
        var end = await EndAsync(database);
        await database.ExecuteAsync("INSERT INTO item VALUES (9)");

        AssertCount([new(tables[0], 5), new(tables[1], 1)], null, Count(database, begin, end));
        AssertCount([new(tables[0], 3), new(tables[1], 1)], null, Count(database, later, end));
        AssertCount([new(tables[0], 2)], null, Count(database, begin, later));
        AssertCount([], null, Count(database, begin, begin));
    }

    [Fact]
    public async Task Table_that_is_not_there_any_more_leaves_the_count_open()
    {
        var database = await PreparedAsync();
        var begin = await EndAsync(database);
        await database.ExecuteAsync("INSERT INTO item VALUES (1); INSERT INTO other VALUES (1), (2); DROP TABLE other");

        AssertCount([new(tables[0], 1)], "Tables that were dropped since have 2 row events there.", Count(database, begin, await EndAsync(database)));
    }

    [Fact]
    public async Task Count_ends_before_the_server_has_to_keep_all_of_a_long_log()
    {
        var database = await PreparedAsync();
        var begin = await EndAsync(database);
        await database.ExecuteAsync("INSERT INTO item SELECT generate_series(1, 100000)");
        await database.ExecuteAsync("INSERT INTO quiet VALUES (1)");

        AssertCount([new(tables[0], 100_000)], "No more of it was counted.", Count(database, begin, await EndAsync(database)));
    }

    [Fact]
    public async Task Server_that_does_not_answer_is_told_and_no_reason_to_stop()
    {
        var database = await PreparedAsync();
        var (counts, unknown) = Count(database, await EndAsync(database), await EndAsync(database), slot: "none");
        Assert.Empty(counts);
        Assert.StartsWith("The server does not decode it. ", unknown, StringComparison.Ordinal);
    }

    private static void AssertCount(KeyValuePair<TableId, long>[] tables, string? unknown, (IReadOnlyList<KeyValuePair<TableId, long>> Tables, string? Unknown) counted)
    {
        Assert.Equal(tables, counted.Tables);
        Assert.Equal(unknown, counted.Unknown);
    }

    private static (IReadOnlyList<KeyValuePair<TableId, long>> Tables, string? Unknown) Count(TestDatabase database, Lsn from, Lsn to, string? slot = null)
    {
        using var connection = PostgresConnection.Open(PostgresConnectionSettings.Parse(database.ConnectionString), SessionKind.Sql, TestContext.Current.CancellationToken);
        var rows = SkippedRows.Count(connection, slot ?? database.Name, "shared", from, to, tables);
        return (rows.Tables, rows.Unknown);
    }

    private async Task<TestDatabase> PreparedAsync()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync(
            "CREATE TABLE item (id int PRIMARY KEY); CREATE TABLE other (id int PRIMARY KEY); CREATE TABLE quiet (id int PRIMARY KEY); "
            + "CREATE TABLE parted (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE part PARTITION OF parted DEFAULT; CREATE PUBLICATION shared FOR ALL TABLES");
        await database.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{database.Name}', 'pgoutput')");
        return database;
    }

    private static async Task<Lsn> EndAsync(TestDatabase database) => Lsn.Parse((await database.QueryAsync("SELECT pg_current_wal_lsn()")).Single()[0]!);
}
