namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "dbz#2099", "Bits were turned round or refused on the way into the sink.")]
public sealed class BitSinkColumn : CopyCase<Items>
{
    protected override string SinkTable => "CREATE TABLE t (id bigint PRIMARY KEY, value bit(16))";

    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value bit(16)); INSERT INTO t VALUES (1, B'0000000100000010'), (2, B'1000000000000000');";

    protected override string[] Changes => ["UPDATE t SET value = ~value WHERE id = 1", "INSERT INTO t VALUES (3, B'1111111111111111')"];
}
