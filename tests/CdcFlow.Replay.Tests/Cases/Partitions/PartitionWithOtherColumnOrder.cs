namespace CdcFlow.Replay.Tests.Cases;

[Report("PeerDB-io/peerdb", "#3544", "A partition added later whose columns stand in another order broke the stream.")]
public sealed class PartitionWithOtherColumnOrder : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, dropped int, value text) PARTITION BY RANGE (id); ALTER TABLE t DROP COLUMN dropped;
        CREATE TABLE t_low PARTITION OF t FOR VALUES FROM (0) TO (100); INSERT INTO t VALUES (1, 'low');
        """;

    protected override string[] Changes =>
    [
        """
        CREATE TABLE t_high (value text, gone int, id bigint NOT NULL);
        ALTER TABLE t_high DROP COLUMN gone;
        ALTER TABLE t ATTACH PARTITION t_high FOR VALUES FROM (100) TO (200)
        """,
        "INSERT INTO t VALUES (150, 'high'), (2, 'low')",
        "UPDATE t SET id = 151 WHERE id = 1",
    ];
}
