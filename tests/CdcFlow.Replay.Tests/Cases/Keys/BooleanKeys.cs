namespace CdcFlow.Replay.Tests.Cases;

[Report("woodlee/sqlserver-cdc-to-kafka", "#37", "A snapshot crashed on a key of one bit.")]
public sealed class BooleanKeys : CopyCase<TextItems>
{
    protected override string Before => "CREATE TABLE t (id bool PRIMARY KEY, value text); INSERT INTO t VALUES (true, 'yes');";

    protected override string[] Changes => ["INSERT INTO t VALUES (false, 'no')", "UPDATE t SET value = 'never' WHERE NOT id", "DELETE FROM t WHERE id"];
}
