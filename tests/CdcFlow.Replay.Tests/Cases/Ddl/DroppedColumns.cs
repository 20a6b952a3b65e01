namespace CdcFlow.Replay.Tests.Cases;

[Report("confluentinc/bottledwater-pg", "#97", "A table with dropped columns ended the stream.")]
[Report("PeerDB-io/peerdb", "#503", "Dropping a column ended the pipeline.")]
public sealed class DroppedColumns : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (gone1 text, id bigint PRIMARY KEY, gone2 int, value text);
        ALTER TABLE t DROP COLUMN gone1;
        INSERT INTO t VALUES (1, 2, 'one');
        """;

    protected override string[] Changes =>
    [
        "UPDATE t SET value = 'uno'",
        "ALTER TABLE t DROP COLUMN gone2",
        "INSERT INTO t VALUES (2, 'two')",
        "ALTER TABLE t ADD COLUMN more int DEFAULT 7; ALTER TABLE t ALTER more SET NOT NULL; INSERT INTO t VALUES (3, 'three', 3)",
        "ALTER TABLE t RENAME COLUMN more TO less; UPDATE t SET less = 8, value = value || '!'",
    ];
}
