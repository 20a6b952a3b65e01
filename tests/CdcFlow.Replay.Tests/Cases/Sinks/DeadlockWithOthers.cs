namespace CdcFlow.Replay.Tests.Cases;

[Report("confluentinc/kafka-connect-jdbc", "#385", "A deadlock with another writer of the table ended the task.")]
[Report("confluentinc/kafka-connect-jdbc", "#1076", "Two writers of one row ended in a deadlock.")]
[Report("risingwavelabs/risingwave", "#10117", "Several sinks of one table locked each other out for good.")]
public sealed class DeadlockWithOthers : Case<Items>
{
    private const string Waiting = "SELECT FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE application_name = '{0}')";

    [Fact]
    public async Task Is_tried_again()
    {
        Set("Restart:RestartsMax", "5");
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one'), (2, 'two');");
        await RunAsync();
        await SourceAsync("UPDATE t SET value = value || '!'");
        await using var other = await Stage.OpenSinkAsync();
        await ExecuteAsync(other, "BEGIN; UPDATE t SET value = 'other' WHERE id = 2;");
        var run = RunAsync();
        while (!run.IsCompleted && (await Stage.Server.QueryAsync(Waiting.Replace("{0}", Name, StringComparison.Ordinal), "postgres", TestContext.Current.CancellationToken)).Count == 0)
        {
        }

        await ExecuteAsync(other, "UPDATE t SET value = 'other' WHERE id = 1");
        await ExecuteAsync(other, "COMMIT");
        await run;
        await SameAsync();
    }
}
