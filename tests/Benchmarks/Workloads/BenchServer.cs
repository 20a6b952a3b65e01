using CdcFlow.TestServers;
using Npgsql;

namespace CdcFlow.Benchmarks.Workloads;

/// <summary>The server under test, and the programs of its own that set the limits.</summary>
internal sealed class BenchServer(PostgresServer server) : IAsyncDisposable
{
    internal string ConnectionString => server.SocketConnectionString(PostgresRole.Superuser);

    // The whole table in the server's memory: readers are compared here, not disks.
    internal static async Task<BenchServer> StartAsync() =>
        new(await PostgresServer.StartAsync(["shared_buffers=3GB", "max_wal_size=4GB", "checkpoint_timeout=30min", "autovacuum=off"]));

    /// <summary>Runs statements, however long they take: filling a table is no test.</summary>
    internal async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    internal async Task<string> ScalarAsync(string sql) => (await server.QueryAsync(sql))[0][0] ?? "";

    /// <summary>A table of ten mixed columns, about 170 bytes a row.</summary>
    internal async Task FillAsync(long rows)
    {
        await ExecuteAsync("""
            DROP TABLE IF EXISTS order_line;
            CREATE TABLE order_line (
              id bigint PRIMARY KEY, customer_id bigint NOT NULL, product_id int NOT NULL, quantity int NOT NULL, price numeric(12,2) NOT NULL,
              status text NOT NULL, note text, shipped boolean NOT NULL, tracking uuid NOT NULL, changed_at timestamptz NOT NULL);
            """);
        await ExecuteAsync($"""
            INSERT INTO order_line
            SELECT i, i % 10000, (i % 500)::int, (i % 7)::int + 1, (i % 100000)::numeric / 100, (ARRAY['new','paid','shipped'])[i % 3 + 1],
                   'order line number ' || i || ' ' || repeat('x', (i % 50)::int), i % 2 = 0, md5(i::text)::uuid, timestamptz '2026-01-01' + i * interval '1 second'
            FROM generate_series(1, {rows}) i;
            """);
        await ExecuteAsync("VACUUM ANALYZE order_line");
    }

    /// <summary>Writes a log backlog: inserts in transactions of a thousand rows.</summary>
    internal async Task WriteBacklogAsync(long fromId, long rows)
    {
        const int perTransaction = 1_000;
        await ExecuteAsync($$"""
            CREATE OR REPLACE PROCEDURE bench_backlog(first bigint, total bigint) LANGUAGE plpgsql AS $p$
            BEGIN
              FOR t IN 0 .. total / {{perTransaction}} - 1 LOOP
                INSERT INTO order_line
                SELECT i, i % 10000, (i % 500)::int, (i % 7)::int + 1, (i % 100000)::numeric / 100, 'new',
                       'order line number ' || i || ' ' || repeat('x', (i % 50)::int), i % 2 = 0, md5(i::text)::uuid, now()
                FROM generate_series(first + t * {{perTransaction}}, first + (t + 1) * {{perTransaction}} - 1) i;
                COMMIT;
              END LOOP;
            END $p$
            """);
        await ExecuteAsync($"CALL bench_backlog({fromId}, {rows})");
    }

    /// <summary>Drops a slot, waiting for a reader that was just ended to let go of it.</summary>
    internal Task DropSlotAsync(string slot) => ExecuteAsync($$"""
        DO $d$ BEGIN
          FOR attempt IN 1 .. 100 LOOP
            EXIT WHEN NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '{{slot}}' AND active);
            PERFORM pg_sleep(0.05);
          END LOOP;
          PERFORM pg_drop_replication_slot('{{slot}}');
        END $d$
        """);

    internal string[] ClientArguments => ["-h", server.SocketFolder, "-p", $"{server.Port}", "-U", PostgresRole.Superuser.Name, "-d", PostgresServer.DefaultDatabase];

    internal static string Program(string name) => Path.Combine(PostgresBinaries.Require(), name);

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
