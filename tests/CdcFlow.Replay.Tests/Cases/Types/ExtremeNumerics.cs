namespace CdcFlow.Replay.Tests.Cases;

[Report("confluentinc/kafka-connect-jdbc", "#1237", "Numbers of more digits than a common decimal has were cut or refused.")]
public sealed class ExtremeNumerics : CopyCase<Items>
{
    protected override string SinkTable => "CREATE TABLE t (id bigint PRIMARY KEY, value numeric)";

    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value numeric);
        INSERT INTO t VALUES (1, repeat('9', 131072)::numeric), (2, ('-0.' || repeat('7', 16383))::numeric), (3, 0.000), (4, 1e-16383);
        """;

    protected override string[] Changes => ["UPDATE t SET value = -value", "INSERT INTO t SELECT id + 10, value FROM t", "UPDATE t SET value = trunc(value / 3) WHERE id = 11"];
}
