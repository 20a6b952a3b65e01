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

        Assert.Equal(
            [
                "begin", "insert log_kinds (1, ä)", "insert log_kinds (2, null)", "commit",
                "begin",
                "update log_kinds None () -> (1, b)",
                "update log_kinds Key (2, null) -> (3, null)",
                "delete log_kinds Key (3, null)",
                "message True p inside",
                "truncate log_kinds None",
                "commit",
            ],
            log.ReadCommits(2));
    }
}
