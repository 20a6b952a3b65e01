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
