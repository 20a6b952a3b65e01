using CdcFlow.Postgres.Replication;
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
        await server.ExecuteAsync("INSERT INTO log_confirm VALUES (2)", cancellationToken: cancellationToken);
        using var log = LogOfServer.Open(server, "log_confirm", cancellationToken, statusInterval: TimeSpan.FromMilliseconds(20));
        log.ReadCommits(1);
        var first = log.Handler.LastEnd;
        log.ReadCommits(2);

        // Each of these follows several reports by the timer, which must not name what was only received.
        ReadKeepalives(log, 3);
        Assert.Equal(before, await ConfirmedAsync(server, "log_confirm"));

        log.Stream.Confirm(first);
        log.Stream.Confirm(default); // An older one is ignored.
        string? confirmed;
        while ((confirmed = await ConfirmedAsync(server, "log_confirm")) == before)
        {
        }

        Assert.Equal(first.ToString(), confirmed);
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
        await server.ExecuteAsync("INSERT INTO log_kill VALUES (1)", cancellationToken: cancellationToken);
        log.ReadCommits(1);
        await server.KillAsync(cancellationToken);

        var failure = Assert.ThrowsAny<CdcFlowException>(() => log.ReadCommits(2));

        Assert.True(failure.IsTransient);
        await server.StartAgainAsync(cancellationToken);
        Assert.Equal("log_kill", (await server.QueryAsync("SELECT slot_name FROM pg_replication_slots", cancellationToken: cancellationToken))[0][0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wakes_without_end_lose_nothing_of_a_servers_log(bool isPlain)
    {
        var server = await fixture.ServerAsync();
        var name = isPlain ? "log_wake_plain" : "log_wake_tls";
        await server.ExecuteAsync($"CREATE TABLE {name} (id int PRIMARY KEY, v text)", cancellationToken: cancellationToken);
        await LogOfServer.CreateAsync(server, name, name, cancellationToken);
        for (var i = 0; i < 20; i++)
        {
            await server.ExecuteAsync(
                $"INSERT INTO {name} SELECT i, repeat('x', i % 2000) FROM generate_series({i * 1000}, {(i * 1000) + 999}) i", cancellationToken: cancellationToken);
        }

        var quiet = Read(server, name, isPlain, wakes: false);
        Assert.Equal(quiet, Read(server, name, isPlain, wakes: true));
        Assert.Equal(20_000, quiet.Count(line => line.StartsWith("insert", StringComparison.OrdinalIgnoreCase)));
    }

    private List<string> Read(PostgresServer server, string name, bool isPlain, bool wakes)
    {
        using var log = LogOfServer.Open(server, name, cancellationToken, isPlain: isPlain);
        using var isRead = new CancellationTokenSource();
        var waking = wakes ? Task.Run(() => WakeUntil(log.Stream, isRead.Token), cancellationToken) : Task.CompletedTask;
        try
        {
            return [.. log.ReadCommits(20)];
        }
        finally
        {
            isRead.Cancel();
            waking.GetAwaiter().GetResult();
        }
    }

    private static void WakeUntil(ReplicationStream stream, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            stream.Wake();
            Thread.Yield();
        }
    }

    // A waiting reader's reports ask for an answer.
    private static void ReadKeepalives(LogOfServer log, int count)
    {
        while (count > 0)
        {
            count -= log.Stream.TryRead(out var message) && message.IsKeepalive ? 1 : 0;
        }
    }

    private async Task<string?> ConfirmedAsync(PostgresServer server, string slot) => (await server.QueryAsync(
        $"SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '{slot}'", cancellationToken: cancellationToken))[0][0];
}
