namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "dbz#2418", "Arrays that an update did not touch disappeared from the change.")]
public sealed class ToastedArrays : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value numeric[], n int);
        ALTER TABLE t ALTER value SET STORAGE EXTERNAL;
        INSERT INTO t SELECT 1, array_agg(x / 7.0), 0 FROM generate_series(1, 2000) x;
        """;

    protected override string[] Changes =>
    [
        "UPDATE t SET n = 1",
        "INSERT INTO t SELECT 2, value, 0 FROM t; UPDATE t SET n = n + 1",
        "UPDATE t SET value = value[1:3] WHERE id = 1",
    ];
}
