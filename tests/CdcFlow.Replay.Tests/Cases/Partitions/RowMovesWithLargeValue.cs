namespace CdcFlow.Replay.Tests.Cases;

[Report("pgEdge/coldfront", "#20", "An UPDATE that moves a row to another partition lost the row.")]
public sealed class RowMovesWithLargeValue : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (gone int, id bigint PRIMARY KEY, value text) PARTITION BY RANGE (id);
        CREATE TABLE t_low PARTITION OF t FOR VALUES FROM (0) TO (100);
        CREATE TABLE t_mid PARTITION OF t FOR VALUES FROM (100) TO (300) PARTITION BY RANGE (id);
        CREATE TABLE t_mid_1 (value text, id bigint NOT NULL, gone int); ALTER TABLE t_mid ATTACH PARTITION t_mid_1 FOR VALUES FROM (100) TO (200);
        CREATE TABLE t_rest PARTITION OF t DEFAULT;
        ALTER TABLE t DROP COLUMN gone;
        INSERT INTO t SELECT n, (SELECT string_agg(md5((n * i)::text), '') FROM generate_series(1, 300) i) FROM generate_series(1, 20) n;
        """;

    protected override string[] Changes =>
    [
        "UPDATE t SET id = id + 100 WHERE id <= 5",
        "UPDATE t SET id = id + 1000 WHERE id > 100; UPDATE t SET id = id - 1000 WHERE id = 1101; UPDATE t SET id = id + 150 WHERE id = 6",
        "UPDATE t SET value = 'small' WHERE id = 1103; UPDATE t SET id = 3 WHERE id = 1103; DELETE FROM t WHERE id = 1104",
    ];
}
