namespace CdcFlow.Replay.Tests.Cases;

[Report("confluentinc/kafka-connect-jdbc", "#1237", "Numbers without a declared scale lost digits on the way to the sink.")]
[Report("apache/flink-cdc", "FLINK-38196", "Numbers without a declared precision that are NULL ended the job.")]
public sealed class NumericsOfEveryScale : CopyCase<Items>
{
    protected override string SinkTable => "CREATE TABLE t (id bigint PRIMARY KEY, value numeric)";

    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value numeric);
        INSERT INTO t VALUES (1, 3.14159265358979323846264338327950288), (2, NULL), (3, 1e40), (4, 0.000), (5, -0.10);
        """;

    protected override string[] Changes =>
    [
        "INSERT INTO t VALUES (6, 1e-40), (7, 12345678901234567890123456789012345678901234567890.5)",
        "UPDATE t SET value = value * 3 WHERE id = 1",
    ];
}
