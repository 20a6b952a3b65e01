using CdcFlow.Postgres.Tests.Servers;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Tests.Replication;

public class ReplicationStreamTests(PostgresFixture fixture)
{
    private readonly CancellationToken cancellationToken = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_slot_moves_to_what_was_confirmed_and_not_to_what_was_received()
    {
        var server = await fixture.ServerAsync();
        await server.ExecuteAsync("CREATE TABLE log_confirm (id int PRIMARY KEY)", cancellationToken: cancellationToken);
        await LogOfServer.CreateAsync(server, "log_confirm", "log_confirm", cancellationToken);
        var before = await ConfirmedAsync(server, "log_confirm");
        await server.ExecuteAsync("INSERT INTO log_confirm VALUES (1)", cancellationToken: cancellationToken);
        using var log = LogOfServer.Open(server, "log_confirm", cancellationToken);
        log.ReadCommits(1);

        ReadKeepalive(log);
        Assert.Equal(before, await ConfirmedAsync(server, "log_confirm"));

        log.Stream.Confirm(log.Handler.LastEnd);
        log.Stream.Confirm(default); // An older one is ignored.
        ReadKeepalive(log);
        Assert.Equal(log.Handler.LastEnd.ToString(), await ConfirmedAsync(server, "log_confirm"));
    }

    [Fact]
    public async Task A_reader_stalled_longer_than_the_servers_timeout_keeps_its_connection()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await using var server = await PostgresServer.StartAsync(["wal_sender_timeout=1s"], cancellationToken);
        await server.ExecuteAsync("CREATE TABLE log_stall (id int PRIMARY KEY, v text)", cancellationToken: cancellationToken);
        await LogOfServer.CreateAsync(server, "log_stall", "log_stall", cancellationToken);
        await server.ExecuteAsync("INSERT INTO log_stall SELECT i, repeat('x', 1000) FROM generate_series(1, 50000) i", cancellationToken: cancellationToken);
        using var log = LogOfServer.Open(server, "log_stall", cancellationToken, streamsInProgress: false, statusInterval: TimeSpan.FromMilliseconds(200));

        // The server's own clock runs three of its timeouts while nobody reads.
        await server.QueryAsync("SELECT pg_sleep(3)", cancellationToken: cancellationToken);

        Assert.Equal(50_002, log.ReadCommits(1).Count);
    }

    [Fact]
    public async Task A_server_killed_under_a_waiting_reader_is_a_transient_error()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await using var server = await PostgresServer.StartAsync(cancellationToken: cancellationToken);
        await server.ExecuteAsync("CREATE TABLE log_kill (id int PRIMARY KEY)", cancellationToken: cancellationToken);
        await LogOfServer.CreateAsync(server, "log_kill", "log_kill", cancellationToken);
        using var log = LogOfServer.Open(server, "log_kill", cancellationToken);
        ReadKeepalive(log);
        await server.KillAsync(cancellationToken);

        var failure = Assert.ThrowsAny<CdcFlowException>(() => log.ReadCommits(1));

        Assert.True(failure.IsTransient);
        await server.StartAgainAsync(cancellationToken);
        Assert.Equal("log_kill", (await server.QueryAsync("SELECT slot_name FROM pg_replication_slots", cancellationToken: cancellationToken))[0][0]);
    }

    private static void ReadKeepalive(LogOfServer log)
    {
        log.Stream.RequestKeepalive();
        while (!log.Stream.Read().IsKeepalive)
        {
        }
    }

    private async Task<string?> ConfirmedAsync(PostgresServer server, string slot) => (await server.QueryAsync(
        $"SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '{slot}'", cancellationToken: cancellationToken))[0][0];
}
