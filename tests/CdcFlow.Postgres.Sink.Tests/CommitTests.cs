using CdcFlow.Checkpoints;
using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.TestServers;
using Npgsql;

namespace CdcFlow.Postgres.Sink.Tests;

/// <summary>Connections that break around a commit, and instances that get into each other's way.</summary>
public sealed class CommitTests(SinkServer server)
{
    private static readonly Account ada = new(1, "Ada", 10.50m, null);
    private static readonly Account bob = new(2, "Bob", 20m, null);

    [Fact]
    public async Task Commit_whose_answer_is_lost_is_settled_by_the_marker_and_the_instance_goes_on()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using var proxy = new CuttingProxy(database.Server.Port);
        await using var sink = await OpenThroughAsync(proxy, database);
        await sink.InsertAsync(ada);
        var permit = await sink.PrepareAsync(1);
        proxy.Arm(CuttingProxy.Cut.BeforeTheClientHearsOfIt);
        await sink.CommitAsync(permit);
        await sink.InsertAsync(bob);
        await sink.CheckpointAsync(2);
        Assert.Equal([["1"], ["2"]], await database.QueryAsync("SELECT id FROM accounts ORDER BY id"));
    }

    [Fact]
    [Trait("WayOut", "CDCF5005")]
    public async Task Commit_whose_outcome_nobody_can_be_asked_for_is_settled_by_the_marker_at_the_next_start()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        for (var start = 1; start <= 2; start++)
        {
            await using var proxy = new CuttingProxy(database.Server.Port);
            await using var sink = await OpenThroughAsync(proxy, database, start);
            await sink.InsertAsync(ada with { Id = start });
            var permit = await sink.PrepareAsync(start);
            proxy.Arm(CuttingProxy.Cut.ForGood);
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.CommitAsync(permit));
            Assert.Equal((PostgresSinkErrors.OutcomeUnknown, true), (error.Code, error.IsTransient));
        }

        await using var next = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 3);
        Assert.Equal(new CheckpointRef(new Epoch(2), new CheckpointId(2)), await next.OpenAsync());
        Assert.Equal([["1"], ["2"]], await database.QueryAsync("SELECT id FROM accounts ORDER BY id"));
    }

    [Fact]
    [Trait("WayOut", "CDCF5001")]
    public async Task Commit_that_the_server_never_got_is_an_error_that_a_restart_heals()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using var proxy = new CuttingProxy(database.Server.Port);
        await using (var sink = await OpenThroughAsync(proxy, database))
        {
            await sink.InsertAsync(ada);
            var permit = await sink.PrepareAsync(1);
            proxy.Arm(CuttingProxy.Cut.BeforeTheServerGetsIt);
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.CommitAsync(permit));
            Assert.Equal((PostgresSinkErrors.Transport, true), (error.Code, error.IsTransient));
            Assert.Empty(await database.QueryAsync("SELECT id FROM accounts"));
        }

        await using var next = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 2);
        Assert.Null(await next.OpenAsync());
    }

    [Fact]
    public async Task Server_that_dies_before_commit_loses_the_checkpoint_and_nothing_else()
    {
        Assert.SkipWhen(PostgresBinaries.Missing is not null, PostgresBinaries.Missing ?? "");
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var own = await PostgresServer.StartAsync(cancellationToken: cancellationToken);
        var database = new TestDatabase(own, PostgresServer.DefaultDatabase);
        await own.ExecuteAsync("GRANT CREATE ON SCHEMA public TO app", cancellationToken: cancellationToken);
        await using (var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1))
        {
            await sink.InsertAsync(ada);
            await sink.CheckpointAsync(1);
            await sink.InsertAsync(bob);
            var permit = await sink.PrepareAsync(2);
            await own.KillAsync(cancellationToken);
            var error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.CommitAsync(permit));
            Assert.True(error.IsTransient);
            await own.StartAgainAsync(cancellationToken);
        }

        await using var next = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 2);
        Assert.Equal(new CheckpointRef(new Epoch(1), new CheckpointId(1)), await next.OpenAsync());
        Assert.Equal([["1"]], await database.QueryAsync("SELECT id FROM accounts"));
    }

    // Another role or application name: the session of the one does not end that of the other.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Copy_of_the_store_with_equal_epochs_and_numbers_is_told_from_the_own_commit(bool copyCommits)
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using var original = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1);
        await original.InsertAsync(ada);
        var permit = await original.PrepareAsync(1);
        await using var copy = await SinkInstance<Account, AccountCodec>.OpenAsync($"{database.ConnectionString};Application Name=copy", 1);
        await copy.InsertAsync(bob);
        var other = await copy.PrepareAsync(copyCommits ? 1 : 2);
        if (copyCommits)
        {
            await copy.CommitAsync(other);
        }

        var error = await Assert.ThrowsAsync<CdcFlowException>(() => original.CommitAsync(permit));
        Assert.Equal((PostgresSinkErrors.Fenced, true), (error.Code, error.IsFenced));
        Assert.Contains("another instance of that epoch, of a copy of its checkpoint store, has taken over", error.Happened, StringComparison.Ordinal);
        if (!copyCommits)
        {
            await copy.CommitAsync(other);
        }

        Assert.Equal([["2"]], await database.QueryAsync("SELECT id FROM accounts"));
    }

    [Fact]
    [Trait("WayOut", "CDCF5006")]
    public async Task Instance_that_is_paused_with_an_open_transaction_does_not_hold_up_its_successor()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using var older = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1);
        await older.InsertAsync(ada with { Note = "older" });
        var permit = await older.PrepareAsync(1); // its transaction holds the row

        await using var newer = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 2);
        await newer.InsertAsync(ada);
        await newer.CheckpointAsync(1);
        Assert.Equal([["1", null]], await database.QueryAsync("SELECT id, note FROM accounts"));
        Assert.True((await Assert.ThrowsAsync<CdcFlowException>(() => older.CommitAsync(permit))).IsFenced);
    }

    [Fact]
    public async Task Opening_waits_for_a_commit_under_way_and_sees_its_marker()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using (var older = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1))
        {
            await older.CheckpointAsync(1);
        }

        // A commit under way: the marker is moved and its row locked, and the transaction is still open.
        await using var source = NpgsqlDataSource.Create(database.Server.SocketConnectionString(PostgresRole.Superuser, database.Name) + ";Pooling=false");
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var move = new NpgsqlCommand("UPDATE cdcflow_checkpoint SET checkpoint_id = 2", connection, transaction);
        await move.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await using var newer = new SinkInstance<Account, AccountCodec>(database.ConnectionString, 2);
        var opening = newer.OpenAsync();
        await UntilAsync(database, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()", "1");
        Assert.False(opening.IsCompleted);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new CheckpointRef(new Epoch(1), new CheckpointId(2)), await opening);
    }

    [Fact]
    public async Task Lock_that_somebody_holds_for_too_long_is_an_error_that_says_how_to_find_them()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1, attribute => attribute.LockTimeoutSeconds = 1);
        await using var source = NpgsqlDataSource.Create(database.Server.SocketConnectionString(PostgresRole.Superuser, database.Name) + ";Pooling=false");
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var hold = new NpgsqlCommand("LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE", connection, transaction);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await sink.InsertAsync(ada);
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => sink.PrepareAsync(1));
        Assert.Equal((PostgresSinkErrors.Locked, true), (error.Code, error.IsTransient));
    }

    [Fact]
    public async Task Marker_that_was_changed_by_hand_is_not_taken_for_a_commit()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        CommitPermit permit;
        await using (var first = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1))
        {
            permit = await first.PrepareAsync(1);
            await first.CommitAsync(permit);
        }

        await database.ExecuteAsync("UPDATE cdcflow_checkpoint SET checkpoint_id = 7");
        await using var second = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 2);
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => second.CommitAsync(permit));
        Assert.Equal(PostgresSinkErrors.NotCommitted, error.Code);
    }

    [Fact]
    public async Task Pipelines_share_the_marker_table_and_not_the_row()
    {
        var database = await server.DatabaseAsync(TestContext.Current.CancellationToken);
        await using var sink = await SinkInstance<Account, AccountCodec>.OpenAsync(database.ConnectionString, 1);
        await database.ExecuteAsync("INSERT INTO cdcflow_checkpoint (pipeline, epoch, checkpoint_epoch, checkpoint_id) VALUES ('another', 99, 99, 99)");
        await sink.InsertAsync(ada);
        await sink.CheckpointAsync(1);
        Assert.Equal(
            [["another", "99"], ["conformance", "1"]], await database.QueryAsync("SELECT pipeline, checkpoint_id FROM cdcflow_checkpoint ORDER BY pipeline"));
    }

    private static Task<SinkInstance<Account, AccountCodec>> OpenThroughAsync(CuttingProxy proxy, TestDatabase database, long epoch = 1) =>
        SinkInstance<Account, AccountCodec>.OpenAsync(
            $"Host=127.0.0.1;Port={proxy.Port};Username={PostgresRole.App.Name};Password={PostgresRole.App.Password};Database={database.Name};SSL Mode=Disable", epoch);

    private static async Task UntilAsync(TestDatabase database, string sql, string expected)
    {
        while ((await database.QueryAsync(sql))[0][0] != expected)
        {
            await Task.Yield();
        }
    }
}
