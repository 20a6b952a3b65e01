namespace CdcFlow.Replay.Tests.Cases;

[Report("airbytehq/airbyte", "#13442", "A partitioned table replicated no rows.")]
[Report("risingwavelabs/risingwave", "#18456", "Changes of a partitioned table did not arrive.")]
public sealed class PartitionedRoot : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value text) PARTITION BY RANGE (id);
        CREATE TABLE t_low PARTITION OF t FOR VALUES FROM (0) TO (100); CREATE TABLE t_high PARTITION OF t FOR VALUES FROM (100) TO (200);
        INSERT INTO t VALUES (1, 'low'), (150, 'high');
        """;

    protected override string[] Changes =>
    [
        "INSERT INTO t VALUES (2, 'low'), (151, 'high')",
        "UPDATE t SET id = id + 100 WHERE id = 1",
        "CREATE TABLE t_later PARTITION OF t FOR VALUES FROM (200) TO (300)",
        "INSERT INTO t VALUES (250, 'later')",
        "DELETE FROM t WHERE id = 150",
    ];
}
