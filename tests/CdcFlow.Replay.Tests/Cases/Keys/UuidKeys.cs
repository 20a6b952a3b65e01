namespace CdcFlow.Replay.Tests.Cases;

[Report("apache/flink-cdc", "#3108", "A table with a uuid key could not be cut into chunks.")]
public sealed class UuidKeys : CopyCase<TextItems>
{
    protected override string Before => "CREATE TABLE t (id uuid PRIMARY KEY, value int); INSERT INTO t SELECT md5(n::text)::uuid, n FROM generate_series(1, 3000) n;";

    protected override string[] Changes =>
    [
        "UPDATE t SET value = -value WHERE value % 7 = 0",
        "DELETE FROM t WHERE value % 11 = 0",
        "INSERT INTO t VALUES ('ffffffff-ffff-ffff-ffff-ffffffffffff', 0), ('00000000-0000-0000-0000-000000000000', 1)",
    ];
}
