using CdcFlow.Batches;
using CdcFlow.Configuration;
using CdcFlow.Postgres;
using CdcFlow.Sources;
using CdcFlow.TestServers;

namespace CdcFlow.Golden.Tests;

/// <summary>A real server runs the golden SQL; what our source reads and our encoder writes is compared with what a real Debezium wrote.</summary>
public sealed class SourceTests : IAsyncLifetime
{
    private const string GoldenMoney = "1234.56";
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);
    private PostgresServer? server;

    public async ValueTask InitializeAsync()
    {
        if (PostgresBinaries.Missing is null)
        {
            server = await PostgresServer.StartAsync([], TestContext.Current.CancellationToken);
        }
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Records_of_snapshot_and_log_are_debeziums()
    {
        var changes = await ReadAsync(GoldenMoney);
        GoldenComparison.AssertSame("postgres.ndjson", GoldenComparison.Defaults, changes);
        GoldenComparison.AssertSamePlaces("postgres.ndjson", GoldenComparison.Defaults, changes);
        GoldenComparison.AssertSame("postgres-schemas.ndjson", GoldenComparison.Schemas, changes);
        GoldenComparison.AssertSame("postgres-precise.ndjson", GoldenComparison.Precise, changes);
    }

    [Fact]
    public async Task Records_of_the_older_shape_are_flink_cdcs() =>
        GoldenComparison.AssertSame("postgres-flink-cdc.ndjson", GoldenComparison.FlinkCdc, await ReadAsync("12.56"));

    [Fact]
    public async Task Snapshot_and_log_give_the_same_values()
    {
        var changes = await ReadAsync(GoldenMoney);
        foreach (var options in new[] { GoldenComparison.Defaults, GoldenComparison.Precise, GoldenComparison.FlinkCdc })
        {
            var rows = GoldenPipeline.Encode(changes, options).Where(record => record.Table == "types" && record.Operation is "r" or "c").ToList();
            for (var id = 1; id <= 4; id++)
            {
                Assert.Equal([], Difference.Between("after", Row(rows, id), Row(rows, id + 10)).Where(difference => difference.Path is not ("after.id" or "after.c_generated")));
            }
        }
    }

    private static System.Text.Json.JsonElement Row(List<GoldenRecord> rows, int id) =>
        rows.Single(record => record.Table == "types" && record.Row.GetProperty("id").GetInt32() == id).Row;

    private async Task<GoldenChanges> ReadAsync(string money)
    {
        var running = await ServerAsync(money);
        var changes = new GoldenChanges();
        var settings = new ConnectorSettings("CdcFlow:golden:Sources:golden", _ => null, []);
        await using var connector = new PostgresSourceAttribute("golden").CreateConnector(new ConnectorContext(
            "golden", "golden", running.SocketConnectionString(PostgresRole.Superuser), settings, TimeProvider.System, null!, new SilentLog()));
        GoldenPipeline.AddTables(connector);
        await using var reader = await connector.OpenAsync(
            new SourceOpenContext(null, Boundedness.Continuous, new MemoryBudget(64 << 20)), TestContext.Current.CancellationToken);

        await TakeUntilAsync(reader, changes, () => changes.Count == 14);
        foreach (var transaction in File.ReadLines(Golden("postgres-changes.sql")).SelectMany(Transactions))
        {
            await running.ExecuteAsync(transaction, cancellationToken: TestContext.Current.CancellationToken);
        }

        await TakeUntilAsync(reader, changes, () => changes.Of<PkComposite>().Exists(change => change.Operation == Operation.Truncate));
        return changes;
    }

    private async Task<PostgresServer> ServerAsync(string money)
    {
        Assert.SkipWhen(server is null, PostgresBinaries.Missing ?? "");
        Assert.SkipWhen(
            (await server!.QueryAsync("SELECT FROM pg_available_extensions WHERE name = 'hstore'", cancellationToken: TestContext.Current.CancellationToken)).Count == 0,
            "The golden tables have an hstore column, and this server has no hstore: install its contrib package.");
        var schema = await File.ReadAllTextAsync(Golden("postgres-schema.sql"), TestContext.Current.CancellationToken);
        await server.ExecuteAsync("DO $$ BEGIN CREATE ROLE cdc; EXCEPTION WHEN duplicate_object THEN END $$", cancellationToken: TestContext.Current.CancellationToken);
        await server.ExecuteAsync(
            schema.Replace($"{GoldenMoney}::money", $"{money}::money", StringComparison.Ordinal)
            + "ALTER TABLE golden.no_pk REPLICA IDENTITY FULL;", // our preflight asks for it; only inserts follow, which it does not change
            cancellationToken: TestContext.Current.CancellationToken);
        return server;
    }

    private static async Task TakeUntilAsync(ISourceReader reader, GoldenChanges changes, Func<bool> isDone)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(patience);
        while (!isDone() && await reader.ReadAsync(timeout.Token) is { } round)
        {
            foreach (var (_, element) in round.Elements)
            {
                changes.Take(element);
            }
        }
    }

    // What is sent in one piece is one transaction; Debezium was shown the file by a client that sends statements one by one.
    private static string[] Transactions(string line) => line.StartsWith("begin", StringComparison.Ordinal) ? [line] : line.Split("; ");

    private static string Golden(string file) => Path.Combine(AppContext.BaseDirectory, "Golden", file);

    private sealed class SilentLog : IConnectorLog
    {
        public void Information(string message)
        {
        }

        public void Warning(string code, string message)
        {
        }
    }
}
