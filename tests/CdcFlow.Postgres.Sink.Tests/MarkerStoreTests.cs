using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Testing.Conformance;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>The marker table of version 0.1, whose rows name no store.</summary>
public sealed class MarkerStoreTests(SinkServer server)
{
    private const string Version01 =
        """
        CREATE TABLE cdcflow_checkpoint (pipeline text PRIMARY KEY, epoch bigint NOT NULL, checkpoint_epoch bigint, checkpoint_id bigint, committed_at timestamptz,
            session_pid integer, session_start timestamptz);
        INSERT INTO cdcflow_checkpoint VALUES ('conformance', 7, 7, 41, now(), NULL, NULL), ('another', 3, 3, 9, now(), NULL, NULL);
        """;

    private static readonly CheckpointRef committed = new(new Epoch(7), new CheckpointId(41));

    [Fact]
    public async Task Is_read_as_it_is_and_gets_its_column_with_the_first_opening()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(Version01 + "ALTER TABLE cdcflow_checkpoint OWNER TO app;");
        await using var sink = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 8);
        var found = await sink.ReadMarkerAsync();
        Assert.Equal((null, new Epoch(7), committed), (found!.Store, found.Epoch, found.Checkpoint!.Value));
        Assert.Empty(await FailedAsync(sink));
        Assert.Equal([["0"]], await database.QueryAsync("SELECT count(*) FROM pg_attribute WHERE attrelid = 'cdcflow_checkpoint'::regclass AND attname = 'store_id'"));

        Assert.Equal(committed, await sink.OpenAsync());
        found = await sink.ReadMarkerAsync();
        Assert.Equal((SinkConformance.Store, new Epoch(8), committed), (found!.Store!.Value, found.Epoch, found.Checkpoint!.Value));
        Assert.Matches("^session [0-9]+ from .+, open since ", found.Holder);
        Assert.Equal(
            [["another", null], ["conformance", SinkConformance.Store.ToString()]],
            await database.QueryAsync("SELECT pipeline, store_id FROM cdcflow_checkpoint ORDER BY pipeline"));
    }

    [Fact]
    public async Task That_another_role_owns_gets_its_column_by_the_statement_of_the_message()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(Version01 + "GRANT SELECT, INSERT, UPDATE ON cdcflow_checkpoint TO app;");
        await using (var refused = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 8))
        {
            for (var start = 0; start < 2; start++)
            {
                var problem = Assert.Single(await FailedAsync(refused));
                Assert.Equal(PostgresSinkErrors.PrivilegeMissing, problem.Code);
                Assert.Equal(PostgresSinkErrors.PrivilegeMissing, (await Assert.ThrowsAsync<CdcFlowException>(refused.OpenAsync)).Code);
            }

            await database.ExecuteAsync(Assert.Single(await FailedAsync(refused)).Fix!);
        }

        await using var sink = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 8);
        Assert.Empty(await FailedAsync(sink));
        Assert.Equal(committed, await sink.OpenAsync());
    }

    /// <summary>A first reading waits for nobody, and says what is committed.</summary>
    [Fact]
    public async Task First_reading_passes_by_a_commit_under_way()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using var older = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1);
        await older.CheckpointAsync(1);
        await older.InsertAsync(new Account(1, "Ada", 10.50m, null));
        var permit = await older.PrepareAsync(2);
        await using var reader = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 2);
        Assert.Equal(new CheckpointRef(new Epoch(1), new CheckpointId(1)), (await reader.ReadMarkerAsync())!.Checkpoint);
        await older.CommitAsync(permit);
        Assert.Equal(new CheckpointRef(new Epoch(1), new CheckpointId(2)), (await reader.ReadMarkerAsync())!.Checkpoint);
    }

    private static async Task<IEnumerable<PreflightCheck>> FailedAsync(SinkInstance<Account, AccountCodec> sink) =>
        (await sink.ProblemsAsync()).Where(check => check.Status == PreflightStatus.Failed);
}
