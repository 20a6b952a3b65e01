using System.Globalization;
using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.TestServers;
using Npgsql;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>A pgbouncer that pools sessions may stand between: it refuses start-up parameters, and the sink needs none.</summary>
public sealed class PoolerTests(SinkServer server)
{
    [Fact]
    public async Task Sink_writes_and_is_taken_over_through_a_pooler_of_sessions()
    {
        Assert.SkipWhen(PgBouncer.Missing is not null, PgBouncer.Missing ?? "");
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using var pooler = await PgBouncer.StartAsync(database.Server, TestContext.Current.CancellationToken);
        var through = $"Host=127.0.0.1;Port={pooler.Port};Username={PostgresRole.App.Name};Password={PostgresRole.App.Password};Database={database.Name};SSL Mode=Disable";
        await using var older = await SinkInstance<Account, AccountCodec>.OpenAsync(through, 1);
        await older.InsertAsync(new Account(1, "Ada", 1, null));
        await older.CheckpointAsync(1);
        await older.InsertAsync(new Account(2, "lost", 1, null));
        await older.PrepareAsync(2);

        await using var newer = await SinkInstance<Account, AccountCodec>.OpenAsync(through, 2);
        await newer.InsertAsync(new Account(3, "Bob", 1, null));
        await newer.CheckpointAsync(2);
        Assert.Equal([["1"], ["3"]], await database.QueryAsync("SELECT id FROM accounts ORDER BY id"));

        await using var session = await SinkSession.OpenAsync(through, 30, "A test", TestContext.Current.CancellationToken);
        Assert.Equal(["pg_catalog, pg_temp"], await session.QueryAsync("SHOW search_path", reader => reader.GetString(0), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Session_that_the_pooler_gave_to_another_program_is_left_alone()
    {
        Assert.SkipWhen(PgBouncer.Missing is not null, PgBouncer.Missing ?? "");
        var cancellationToken = TestContext.Current.CancellationToken;
        var database = await server.DatabaseAsync(cancellationToken);
        await using var pooler = await PgBouncer.StartAsync(database.Server, cancellationToken);
        var through = $"Host=127.0.0.1;Port={pooler.Port};Username={PostgresRole.App.Name};Password={PostgresRole.App.Password};Database={database.Name};SSL Mode=Disable";
        int backend;
        await using (var older = await SinkInstance<Account, AccountCodec>.OpenAsync(through, 1))
        {
            await older.InsertAsync(new Account(1, "Ada", 1, null));
            await older.CheckpointAsync(1);
            await older.InsertAsync(new Account(2, "not committed", 1, null));
            backend = int.Parse((await database.QueryAsync("SELECT session_pid FROM cdcflow_checkpoint"))[0][0]!, CultureInfo.InvariantCulture);
        }

        Assert.Equal([[null, null]], await database.QueryAsync("SELECT session_pid, session_start FROM cdcflow_checkpoint"));
        await using var other = new NpgsqlConnection(through + ";Application Name=report;Pooling=false");
        await other.OpenAsync(cancellationToken);
        await using var identity = new NpgsqlCommand("SELECT pg_backend_pid()", other);
        Assert.Equal(backend, await identity.ExecuteScalarAsync(cancellationToken));

        // As a process that was killed leaves it.
        await database.ExecuteAsync($"UPDATE cdcflow_checkpoint SET session_pid = pid, session_start = backend_start FROM pg_stat_activity WHERE pid = {backend}");
        await using var newer = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 2);
        Assert.Equal(backend, await identity.ExecuteScalarAsync(cancellationToken));
        Assert.Equal([["1"]], await database.QueryAsync("SELECT id FROM accounts"));
    }
}
