using CdcFlow.Configuration;
using CdcFlow.Postgres.Wire;
using CdcFlow.TestServers;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>What <c>validate</c> says of a promotion.</summary>
public class FailoverCheckTests
{
    private readonly CancellationToken cancellationToken = TestContext.Current.CancellationToken;

    [Fact, Trait("WayOut", "CDCF4015")]
    public async Task What_a_promoted_standby_would_lack_is_told_and_the_way_out_of_each_leads_to_the_next()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        await using var server = await PostgresServer.StartAsync(cancellationToken: cancellationToken);
        var database = new TestDatabase(server, "app");
        await database.ExecuteAsync(
            "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL); INSERT INTO item VALUES (1, 'one', 1); SELECT pg_create_physical_replication_slot('standby')");
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = "orders", FailoverSlot = false });
        Assert.Equal("No standby follows the server.", (await CheckAsync(source)).Sentence);
        await source.OpenAsync();
        await source.ReadUntilAsync(() => source.HasWholeSnapshot);
        await source.CloseAsync();
        await database.SlotIsFreeAsync("orders");
        await using var standby = await server.StartStandbyAsync(cancellationToken);
        await standby.ExecuteAsync("ALTER SYSTEM SET primary_slot_name = 'standby'", "postgres", cancellationToken);
        await standby.ExecuteAsync("SELECT pg_reload_conf()", "postgres", cancellationToken);
        while ((await database.QueryAsync("SELECT FROM pg_replication_slots WHERE slot_name = 'standby' AND active AND restart_lsn IS NOT NULL")).Count == 0)
        {
        }

        var check = await CheckAsync(source);
        Assert.Equal((PreflightStatus.Warning, PostgresWireErrorCodes.Failover), (check.Status, check.Code));
        Assert.Contains("would not have slot 'orders' after a promotion", check.Sentence, StringComparison.Ordinal);
        Assert.Contains(" were promoted now, ", check.Sentence, StringComparison.Ordinal);
        if ((await database.QueryAsync("SHOW server_version_num"))[0][0]! is var number && string.CompareOrdinal(number, "170000") < 0)
        {
            Assert.Contains("upgrade the server to 17", check.Fix, StringComparison.Ordinal);
            return;
        }

        using (var replication = PostgresConnection.Open(PostgresConnectionSettings.Parse(database.ConnectionString), SessionKind.Replication, cancellationToken))
        {
            replication.Query(check.Fix![check.Fix!.IndexOf("ALTER_REPLICATION_SLOT", StringComparison.Ordinal)..]);
        }

        check = await CheckAsync(source);
        Assert.Equal(PreflightStatus.Warning, check.Status);
        Assert.Contains("may lack changes that the pipeline has read", check.Sentence, StringComparison.Ordinal);
        foreach (var statement in check.Fix![check.Fix!.IndexOf("ALTER SYSTEM", StringComparison.Ordinal)..].Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            await database.ExecuteAsync(statement);
        }

        while ((await database.QueryAsync("SHOW synchronized_standby_slots"))[0][0] == "")
        {
        }

        Assert.Equal(PreflightStatus.Passed, (await CheckAsync(source)).Status);
    }

    private async Task<PreflightCheck> CheckAsync(SourceHarness<Item, ItemCodec> source) =>
        (await source.Connector().PreflightAsync(state: null, cancellationToken)).Checks.Single(check => check.Name == "failover");
}
