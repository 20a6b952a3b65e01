namespace CdcFlow.Replay.Tests.Cases;

[Report("estuary/connectors", "#1523", "Text keys whose order is not that of their bytes broke the order of a backfill.")]
public sealed class PaddedKeys : CopyCase<TextItems>
{
    protected override string Before => "CREATE TABLE t (id char(4) PRIMARY KEY, value text); INSERT INTO t VALUES ('a', '1'), ('ab', '2'), ('ab c', '3'), ('', '4');";

    protected override string[] Changes => ["UPDATE t SET value = '5' WHERE id = 'a'", "DELETE FROM t WHERE id = ''", "UPDATE t SET id = 'b' WHERE id = 'ab'"];
}
