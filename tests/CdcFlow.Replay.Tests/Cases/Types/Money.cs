namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-1755", "A negative or missing amount of money ended the snapshot.")]
[Report("debezium", "DBZ-5991", "The largest and smallest amounts of money could not be read.")]
[Report("debezium", "dbz#2100", "Large amounts of money were rounded through a double in the snapshot.")]
public sealed class Money : CopyCase<Items>
{
    protected override string SinkTable => "CREATE TABLE t (id bigint PRIMARY KEY, value money)";

    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value money); INSERT INTO t VALUES (1, '-92233720368547758.08'), (2, NULL), (3, '-0.01');";

    protected override string[] Changes => ["INSERT INTO t VALUES (4, '92233720368547758.07')", "UPDATE t SET value = value * -1 WHERE id = 3"];
}
