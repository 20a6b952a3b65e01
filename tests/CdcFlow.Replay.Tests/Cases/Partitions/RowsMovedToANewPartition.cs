namespace CdcFlow.Replay.Tests.Cases;

[Report("pgpartman/pg_partman", "#287", "Rows are moved out of the default partition into a new one, which is attached full in the same transaction.")]
public sealed class RowsMovedToANewPartition : Case<Items>
{
    [Fact]
    public async Task Are_deleted_by_the_log_and_brought_back_by_the_way_out()
    {
        await SourceAsync(
            """
            CREATE TABLE t (id bigint PRIMARY KEY, value text) PARTITION BY RANGE (id); CREATE TABLE t_rest PARTITION OF t DEFAULT;
            INSERT INTO t VALUES (1, 'one'), (101, 'moves'), (102, 'moves too');
            """);
        await RunAsync();
        await SourceAsync(
            """
            BEGIN; CREATE TABLE t_new (LIKE t INCLUDING ALL);
            WITH moved AS (DELETE FROM t WHERE id > 100 RETURNING *) INSERT INTO t_new SELECT * FROM moved;
            ALTER TABLE t ATTACH PARTITION t_new FOR VALUES FROM (100) TO (200); INSERT INTO t VALUES (103, 'new'); COMMIT
            """);
        await RefusedAsync("CDCF4067", "run --resnapshot public.t");
        await RunResnapshotAsync("public.t");
        await SameAsync();
    }
}
