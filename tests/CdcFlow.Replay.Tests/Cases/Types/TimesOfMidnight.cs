namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-1164", "The time 24:00:00 came as null.")]
public sealed class TimesOfMidnight : CopyCase<Items>
{
    protected override string SinkTable => "CREATE TABLE t (id bigint PRIMARY KEY, value time)";

    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value time); INSERT INTO t VALUES (1, '24:00:00'), (2, '00:00:00'), (3, '23:59:59.999999');";

    protected override string[] Changes => ["INSERT INTO t VALUES (4, '24:00:00')", "UPDATE t SET value = '24:00' WHERE id = 2"];
}
