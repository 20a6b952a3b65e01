using CdcFlow.Postgres.Tests.Servers;

namespace CdcFlow.Postgres.Tests.Replication;

public class PgOutputOfServerTests(PostgresFixture fixture)
{
    private readonly CancellationToken cancellationToken = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_of_every_kind_come_in_order_inside_their_transactions()
    {
        var server = await fixture.ServerAsync();
        await server.ExecuteAsync("CREATE TABLE log_kinds (id int PRIMARY KEY, v text)", cancellationToken: cancellationToken);
        await LogOfServer.CreateAsync(server, "log_kinds", "log_kinds", cancellationToken);
        await server.ExecuteAsync("INSERT INTO log_kinds VALUES (1, 'ä'), (2, NULL)", cancellationToken: cancellationToken);
        await server.ExecuteAsync(
            """
            UPDATE log_kinds SET v = 'b' WHERE id = 1;
            UPDATE log_kinds SET id = 3 WHERE id = 2;
            DELETE FROM log_kinds WHERE id = 3;
            SELECT pg_logical_emit_message(true, 'p', 'inside');
            TRUNCATE log_kinds;
            """,
            cancellationToken: cancellationToken);

        using var log = LogOfServer.Open(server, "log_kinds", cancellationToken);

        string[] message = log.ServerVersion >= 14 ? ["message True p inside"] : [];
        Assert.Equal(
            [
                "begin", "insert log_kinds (1, ä)", "insert log_kinds (2, null)", "commit",
                "begin",
                "update log_kinds None () -> (1, b)",
                "update log_kinds Key (2, null) -> (3, null)",
                "delete log_kinds Key (3, null)",
                .. message,
                "truncate log_kinds None",
                "commit",
            ],
            log.ReadCommits(2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_event_comes_with_the_address_of_its_record(bool streamsInProgress)
    {
        var server = await fixture.ServerAsync();
        var name = $"log_addresses_{streamsInProgress}".ToLowerInvariant();
        await server.ExecuteAsync($"CREATE TABLE {name} (id int PRIMARY KEY, v text)", cancellationToken: cancellationToken);
        await LogOfServer.CreateAsync(server, name, name, cancellationToken);
        await server.ExecuteAsync(
            $"INSERT INTO {name} SELECT i, repeat('x', 500) FROM generate_series(1, 2000) i; UPDATE {name} SET id = -1 WHERE id = 1; DELETE FROM {name} WHERE id = 2; TRUNCATE {name}",
            cancellationToken: cancellationToken);

        // The server's own word for where each message comes from; Begin, Commit and Relation are no events.
        var told = await server.QueryAsync(
            $"SELECT lsn FROM pg_logical_slot_peek_binary_changes('{name}', NULL, NULL, 'proto_version', '1', 'publication_names', '{name}') WHERE get_byte(data, 0) IN (73, 85, 68, 84)",
            cancellationToken: cancellationToken);
        using var log = LogOfServer.Open(server, name, cancellationToken, streamsInProgress, memoryLimit: 100_000);
        log.ReadCommits(1);

        Assert.Equal(2003, log.Handler.Addresses.Count);
        Assert.Equal(told.Select(row => row[0]), log.Handler.Addresses.Select(address => address.ToString()));
    }

    [Fact]
    public async Task Old_rows_and_untouched_large_values_are_told_apart_and_a_changed_table_is_described_anew()
    {
        var server = await fixture.ServerAsync();
        await server.ExecuteAsync(
            """
            CREATE TABLE log_toast (id int PRIMARY KEY, small text, big text);
            ALTER TABLE log_toast ALTER big SET STORAGE EXTERNAL;
            INSERT INTO log_toast VALUES (1, 's', repeat('x', 10000));
            CREATE TABLE log_full (id int PRIMARY KEY, v text);
            ALTER TABLE log_full REPLICA IDENTITY FULL;
            """,
            cancellationToken: cancellationToken);
        await LogOfServer.CreateAsync(server, "log_toast", "log_toast, log_full", cancellationToken);
        await server.ExecuteAsync(
            """
            UPDATE log_toast SET small = 't';
            INSERT INTO log_full VALUES (1, 'a');
            UPDATE log_full SET v = 'b';
            ALTER TABLE log_full ADD COLUMN n int DEFAULT 5;
            DELETE FROM log_full;
            """,
            cancellationToken: cancellationToken);

        using var log = LogOfServer.Open(server, "log_toast", cancellationToken);

        Assert.Equal(
            [
                "begin", "update log_toast None () -> (1, t, ~)", "insert log_full (1, a)", "update log_full Full (1, a) -> (1, b)",
                "delete log_full Full (1, b, 5)", "commit",
            ],
            log.ReadCommits(1));
    }

    [Fact]
    public async Task A_transaction_streamed_in_progress_and_spilled_reads_as_if_it_had_not_been()
    {
        var server = await fixture.ServerAsync();
        await server.ExecuteAsync("CREATE TABLE log_big (id int PRIMARY KEY, v text)", cancellationToken: cancellationToken);
        await LogOfServer.CreateAsync(server, "log_big", "log_big", cancellationToken);
        await server.ExecuteAsync("SELECT pg_copy_logical_replication_slot('log_big', 'log_big_whole')", cancellationToken: cancellationToken);
        await server.ExecuteAsync(
            """
            BEGIN;
            INSERT INTO log_big SELECT i, repeat('a', 200) FROM generate_series(1, 4000) i;
            SAVEPOINT s;
            INSERT INTO log_big SELECT i, repeat('b', 200) FROM generate_series(4001, 8000) i;
            ROLLBACK TO s;
            SAVEPOINT t;
            UPDATE log_big SET v = 'c' WHERE id <= 1000;
            RELEASE t;
            COMMIT;
            BEGIN;
            INSERT INTO log_big SELECT i, repeat('d', 200) FROM generate_series(8001, 12000) i;
            ROLLBACK;
            INSERT INTO log_big VALUES (0, 'last');
            """,
            cancellationToken: cancellationToken);

        using var streamed = LogOfServer.Open(server, "log_big", cancellationToken, memoryLimit: 100_000);
        using var whole = LogOfServer.Open(server, "log_big_whole", cancellationToken, streamsInProgress: false, publication: "log_big");

        Assert.Equal(whole.ReadCommits(2), streamed.ReadCommits(2));
        Assert.Equal(4000 + 1000 + 1 + 4, whole.Handler.Lines.Count);
        Assert.Equal(streamed.ServerVersion >= 14, streamed.Spills > 0);
        Assert.Equal(0, whole.Spills);
    }
}
