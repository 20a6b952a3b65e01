namespace CdcFlow.Replay.Tests.Cases;

[Report("confluentinc/kafka-connect-jdbc", "#610", "Microseconds were cut to milliseconds.")]
[Report("confluentinc/kafka-connect-jdbc", "#1532", "Microseconds of timestamps did not arrive in the sink.")]
public sealed class Microseconds : CopyCase<Items>
{
    protected override string SinkTable => "CREATE TABLE t (id bigint PRIMARY KEY, value timestamptz)";

    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value timestamptz);
        INSERT INTO t VALUES (1, '2025-08-28 15:01:00.123456+02'), (2, '1969-12-31 23:59:59.999999+00');
        """;

    protected override string[] Changes => ["INSERT INTO t VALUES (3, '2024-02-29 23:59:60+00'), (4, '1900-01-01 00:00:00.000001+05:53:28')"];
}
