namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-2315", "Varying bits were padded.")]
[Report("yugabyte/yb-voyager", "#2608", "Leading zeros of bits were lost in the stream.")]
[Report("debezium", "dbz#2099", "The order of bits was turned round on the way into the sink.")]
public sealed class VaryingBits : CopyCase<Items>
{
    protected override string SinkTable => "CREATE TABLE t (id bigint PRIMARY KEY, value bit varying(24))";

    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value bit varying(24)); INSERT INTO t VALUES (1, B'000000110000001000000001'), (2, B''), (3, B'001');";

    protected override string[] Changes => ["INSERT INTO t VALUES (4, B'11111111'), (5, B'0')", "UPDATE t SET value = value || B'10' WHERE id = 3"];
}
