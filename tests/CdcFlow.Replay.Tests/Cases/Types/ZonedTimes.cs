namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "dbz#2100", "Times with a zone lost their offset, and 24:00:00 became another day's.")]
public sealed class ZonedTimes : CopyCase<Items>
{
    protected override string SinkTable => "CREATE TABLE t (id bigint PRIMARY KEY, value timetz)";

    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value timetz); INSERT INTO t VALUES (1, '24:00:00+05:30'), (2, '00:00:00-15:59:59');";

    protected override string[] Changes => ["INSERT INTO t VALUES (3, '12:34:56.789-00:01')", "UPDATE t SET value = '08:00+14' WHERE id = 1"];
}
