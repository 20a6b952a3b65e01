namespace CdcFlow.Testing.Tests.Harness;

public sealed class PipelineHarnessTests
{
    private static readonly SourceRef<Account> accounts = new("Accounts");
    private static readonly SinkRef<Account> ledger = new("ledger");

    [Fact]
    public async Task Rows_are_staged_until_the_checkpoint_shows_them()
    {
        await using var h = await StartAsync<TransactionalLedger>();
        h.Source(accounts).Snapshot(A(1, 10)).EndSnapshot().Transaction(tx => tx.Insert(A(2, 20)).Update(A(1, 10), A(1, 11)));
        await h.DrainAsync();
        Assert.Equal(3, h.Sink(ledger).Staged.Count);
        Assert.Empty(h.Sink(ledger).Committed);
        await h.CheckpointAsync();
        Assert.Empty(h.Sink(ledger).Staged);
        Assert.Equal(11, h.Sink(ledger).Rows[1L].Balance);
        h.Sink(ledger).ShouldHaveAppliedEachChangeOnce();
    }

    [Theory, MemberData(nameof(CrashPoints.All), MemberType = typeof(CrashPoints))]
    public async Task Crash_at_any_point_loses_and_doubles_nothing(CrashPoint at)
    {
        await CrashOnceAsync<TransactionalLedger>(at);
        await CrashOnceAsync<StagedLedger>(at);
        await CrashOnceAsync<IdempotentLedger>(at);
        await CrashOnceAsync<AtLeastOnceLedger>(at);
    }

    [Theory, MemberData(nameof(CrashPoints.All), MemberType = typeof(CrashPoints))]
    public async Task Random_changes_converge_into_every_kind_of_sink(CrashPoint at)
    {
        await ConvergesAsync<TransactionalLedger>(at);
        await ConvergesAsync<IdempotentLedger>(at);
        await ConvergesAsync<AtLeastOnceLedger>(at);
    }

    [Fact]
    public async Task Crash_while_a_barrier_is_held_loses_and_doubles_nothing()
    {
        await using var h = await StartAsync<StagedLedger>();
        h.Source(accounts).Snapshot(A(1, 10)).EndSnapshot();
        await h.DrainAsync();
        h.Barrier.Hold(h.Sink(ledger));
        var checkpoint = h.RequestCheckpoint();
        await h.DrainAsync();
        Assert.True(h.Barrier.IsWaiting);
        await Assert.ThrowsAsync<InvalidOperationException>(() => h.CheckpointAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => h.StopAsync());

        await h.RestartAsync();
        Assert.False(h.Barrier.IsWaiting);
        Assert.False(checkpoint.IsCompleted);
        h.Barrier.Release();
        await h.DrainAsync();
        await h.CheckpointAsync();
        Assert.Single(h.Sink(ledger).Committed);
        h.Sink(ledger).ShouldHaveAppliedEachChangeOnce();
    }

    [Fact]
    public async Task Barrier_is_held_only_at_nodes_that_have_an_input()
    {
        await using var h = await StartAsync<StagedLedger>();
        Assert.Throws<ArgumentException>(() => h.Barrier.Hold("Accounts"));
        Assert.Throws<ArgumentException>(() => h.Barrier.Hold("Nowhere"));
    }

    [Fact]
    public async Task New_columns_reach_the_sink_with_what_they_were_before_also_after_a_restart()
    {
        await using var h = await StartAsync<StagedLedger>();
        h.Source(accounts).EndSnapshot().Ddl("id bigint");
        await h.DrainAsync();
        await h.CheckpointAsync();
        await h.RestartAsync();
        h.Source(accounts).Ddl("id bigint", "balance int");
        await h.DrainAsync();
        Assert.Equal([[], ["id bigint"]], h.Sink(ledger).SchemaChanges.Select(change => change.Before.Columns.Select(column => column.ToString()).ToArray()));
        Assert.Equal(["id bigint", "balance int"], h.Sink(ledger).SchemaChanges[1].After.Columns.Select(column => column.ToString()));
    }

    [Fact]
    public async Task Lost_answer_to_a_commit_doubles_nothing()
    {
        await using var h = await StartAsync<TransactionalLedger>();
        h.Source(accounts).Snapshot(A(1, 10)).EndSnapshot();
        await h.DrainAsync();
        h.Sink(ledger).LoseNextCommitAnswer();
        await Assert.ThrowsAsync<CdcFlowException>(() => h.CheckpointAsync());
        h.Source(accounts).Transaction(tx => tx.Insert(A(2, 20)));
        await h.DrainAsync();
        await h.CheckpointAsync();
        Assert.Equal(2, h.Sink(ledger).Committed.Count);
        h.Sink(ledger).ShouldHaveAppliedEachChangeOnce();
    }

    [Fact]
    public async Task Failed_write_restarts_the_pipeline_and_loses_nothing()
    {
        await using var h = await StartAsync<StagedLedger>();
        h.Sink(ledger).FailNext(2);
        h.Source(accounts).Snapshot(A(1, 10)).EndSnapshot();
        await h.DrainAsync();
        await h.CheckpointAsync();
        Assert.Equal([A(1, 10)], h.Sink(ledger).Rows.Values);
    }

    [Fact]
    public async Task Log_that_is_lost_stops_the_pipeline()
    {
        await using var h = await StartAsync<TransactionalLedger>();
        h.Source(accounts).EndSnapshot();
        await h.DrainAsync();
        await h.CheckpointAsync();
        await h.RestartAsync();
        h.Source(accounts).Transaction(tx => tx.Insert(A(1, 10))).LoseLog();
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => h.RestartAsync());
        Assert.Equal(InMemoryErrorCodes.LogLost, error.Code);
    }

    [Fact]
    public async Task Checkpoints_come_with_the_pipelines_own_clock()
    {
        await using var h = await PipelineHarness.StartAsync<BankPipeline<TransactionalLedger>>();
        h.Source(accounts).Snapshot(A(1, 10)).EndSnapshot();
        await h.AdvanceAsync(TimeSpan.FromSeconds(9));
        Assert.Empty(h.Sink(ledger).Committed);
        await h.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Single(h.Sink(ledger).Committed);
        await h.AdvanceAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(7, h.Sink(ledger).Commits.Count);
    }

    [Fact]
    public async Task Stop_commits_what_was_read()
    {
        await using var h = await StartAsync<TransactionalLedger>();
        h.Source(accounts).Snapshot(A(1, 10)).EndSnapshot();
        await h.DrainAsync();
        await h.StopAsync();
        Assert.Single(h.Sink(ledger).Committed);
    }

    private static Task ConvergesAsync<TLedger>(CrashPoint at)
        where TLedger : LedgerKind, new() => PipelineHarness.ConvergesAsync<BankPipeline<TLedger>>(at, seed: 7, changes: 300);

    private static async Task CrashOnceAsync<TLedger>(CrashPoint at)
        where TLedger : LedgerKind, new()
    {
        await using var h = await StartAsync<TLedger>();
        var source = h.Source(accounts).Snapshot(A(1, 10), A(2, 20)).EndSnapshot();
        await h.DrainAsync();
        await h.CheckpointAsync();
        source.Transaction(tx => tx.Delete(A(2, 20)).Update(A(1, 10), A(1, -1)).Insert(A(3, 30)));
        h.Crash.At(at);
        await Assert.ThrowsAsync<SimulatedCrashException>(() => h.CheckpointAsync());
        await h.RestartAsync();
        await h.DrainAsync();
        await h.CheckpointAsync();
        Assert.Equal([A(3, 30)], h.Sink(ledger).Rows.Values);
        h.Sink(ledger).ShouldHaveAppliedEachChangeOnce();
    }

    private static Account A(long id, decimal balance) => new(id, "", balance);

    private static Task<PipelineHarness> StartAsync<TLedger>()
        where TLedger : LedgerKind, new() => PipelineHarness.StartAsync<BankPipeline<TLedger>>(o => o.CheckpointsByHand());
}
