namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-862", "A transaction that was open when the slot was made ended the start after a few tries.")]
public sealed class OpenTransactionAtTheStart : Case<Items>
{
    private const string Waiting = "SELECT FROM pg_locks WHERE NOT granted AND locktype = 'transactionid' AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())";

    [Fact]
    public async Task Is_waited_for()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one');");
        await using var open = await OpenAsync();
        await ExecuteAsync(open, "BEGIN; INSERT INTO t VALUES (2, 'two'); UPDATE t SET value = 'uno' WHERE id = 1;");
        var run = RunAsync();
        while (!run.IsCompleted && (await Stage.QueryAsync(Waiting)).Count == 0)
        {
        }

        Assert.False(run.IsCompleted, Log);
        await ExecuteAsync(open, "COMMIT");
        await run;
        await SameAsync();
    }
}
