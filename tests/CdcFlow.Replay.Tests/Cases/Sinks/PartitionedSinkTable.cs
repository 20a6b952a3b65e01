namespace CdcFlow.Replay.Tests.Cases;

[Report("confluentinc/kafka-connect-jdbc", "#1127", "An upsert into a partitioned table found no index to go by.")]
public sealed class PartitionedSinkTable : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t SELECT n, n FROM generate_series(1, 50) n;";

    protected override string SinkTable =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value text) PARTITION BY HASH (id);
        CREATE TABLE t_0 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0);
        CREATE TABLE t_1 (gone int, value text, id bigint NOT NULL); ALTER TABLE t_1 DROP COLUMN gone; ALTER TABLE t ATTACH PARTITION t_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
        """;

    protected override string[] Changes => ["UPDATE t SET id = id + 1000 WHERE id < 20", "DELETE FROM t WHERE id > 40 AND id < 1000", "TRUNCATE t; INSERT INTO t VALUES (1, 'one')"];
}
