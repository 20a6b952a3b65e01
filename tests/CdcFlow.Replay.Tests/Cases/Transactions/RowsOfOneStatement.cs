namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "dbz#1554", "Rows of a COPY or a long INSERT share a position in the log, and a restart skipped what followed the first.")]
public sealed class RowsOfOneStatement : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text);";

    protected override string[] Changes =>
    [
        "INSERT INTO t SELECT n, n FROM generate_series(1, 5000) n",
        "UPDATE t SET value = -value::int WHERE id % 2 = 0; DELETE FROM t WHERE id % 3 = 0",
    ];
}
