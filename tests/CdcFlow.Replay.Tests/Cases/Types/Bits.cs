namespace CdcFlow.Replay.Tests.Cases;

[Report("apache/flink-cdc", "FLINK-35907", "Bit columns had one form in the snapshot and another in the stream.")]
public sealed class Bits : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value bit(10)); INSERT INTO t VALUES (1, B'0000000001'), (2, B'1111111111');";

    protected override string[] Changes => ["INSERT INTO t VALUES (3, B'0000000000')", "UPDATE t SET value = ~value WHERE id = 1"];
}
