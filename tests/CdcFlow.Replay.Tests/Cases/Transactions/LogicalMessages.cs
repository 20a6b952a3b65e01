namespace CdcFlow.Replay.Tests.Cases;

[Report("npgsql/npgsql", "#5208", "A logical message whose bytes were not read broke the protocol.")]
public sealed class LogicalMessages : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one');";

    protected override string[] Changes =>
    [
        "SELECT pg_logical_emit_message(true, 'app', repeat('m', 100000)); INSERT INTO t VALUES (2, 'two')",
        "SELECT pg_logical_emit_message(false, 'app', 'now')",
        "SELECT pg_logical_emit_message(true, '', '')",
        "UPDATE t SET value = 'uno' WHERE id = 1",
    ];
}
