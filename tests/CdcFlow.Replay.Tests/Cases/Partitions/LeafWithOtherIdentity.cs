namespace CdcFlow.Replay.Tests.Cases;

[Report("sequinstream/sequin", "#1257", "Changes of partitions whose own replica identity was not that of the root came without their old values.")]
public sealed class LeafWithOtherIdentity : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value text, n int) PARTITION BY RANGE (id); ALTER TABLE t REPLICA IDENTITY FULL;
        CREATE TABLE t_low PARTITION OF t FOR VALUES FROM (0) TO (100); ALTER TABLE t_low ALTER value SET STORAGE EXTERNAL;
        CREATE TABLE t_high PARTITION OF t FOR VALUES FROM (100) TO (200);
        ALTER TABLE t_high REPLICA IDENTITY FULL;
        ALTER TABLE t_high ALTER value SET STORAGE EXTERNAL;
        INSERT INTO t VALUES (1, repeat('x', 9000), 1), (101, repeat('y', 9000), 1);
        """;

    protected override string[] Changes =>
    [
        "UPDATE t SET n = 2",
        "ALTER TABLE t_low REPLICA IDENTITY FULL",
        "UPDATE t SET n = 3",
        "ALTER TABLE t_high REPLICA IDENTITY DEFAULT; UPDATE t SET n = 4",
    ];
}
