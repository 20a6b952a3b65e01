namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-6912", "The snapshot failed on an infinite timestamp.")]
[Report("debezium-connector-jdbc", "DBZ-7920", "The JDBC sink could not write an infinite timestamp.")]
[Report("estuary/connectors", "#781", "An infinite timestamp came as the number 1 or -1.")]
public sealed class InfiniteTimestamps : CopyCase<Items>
{
    protected override string SinkTable => "CREATE TABLE t (id bigint PRIMARY KEY, value timestamptz)";

    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value timestamptz); INSERT INTO t VALUES (1, 'infinity'), (2, '2024-02-29 12:00');";

    protected override string[] Changes => ["INSERT INTO t VALUES (3, '-infinity')", "UPDATE t SET value = 'infinity' WHERE id = 2"];
}
