namespace CdcFlow.Replay.Tests.Cases;

[Report("yugabyte/yb-voyager", "#3641", "A unique value that one row gives up and another takes was written in an order in which both had it.")]
[Report("reorg/pg_repack", "#70", "Changes were applied in an order in which two rows had one unique value.")]
public sealed class UniqueValueHandedOn : CopyCase<Items>
{
    protected override string SinkTable => "CREATE TABLE t (id bigint PRIMARY KEY, value text UNIQUE DEFERRABLE INITIALLY DEFERRED)";

    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text UNIQUE DEFERRABLE); INSERT INTO t VALUES (1, 'a'), (2, 'b'), (9, 'i');";

    protected override string[] Changes =>
    [
        "UPDATE t SET value = 'a2' WHERE id = 1; INSERT INTO t VALUES (3, 'a')",
        "DELETE FROM t WHERE id = 2; UPDATE t SET value = 'b' WHERE id = 1",
        "UPDATE t SET value = 'i2' WHERE id = 9; UPDATE t SET value = 'i' WHERE id = 3",
        "UPDATE t SET value = CASE value WHEN 'b' THEN 'i' WHEN 'i' THEN 'b' ELSE value END",
    ];
}
