namespace CdcFlow.Replay.Tests.Cases;

[Report("supabase/etl", "#740", "The columns that tell a row under FULL did not match those that the log sends.")]
public sealed class DeletesUnderFullWithNulls : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value text, other int);
        ALTER TABLE t REPLICA IDENTITY FULL;
        INSERT INTO t VALUES (1, NULL, NULL), (2, 'x', NULL), (3, NULL, 3);
        """;

    protected override string[] Changes =>
    [
        "DELETE FROM t WHERE id = 1",
        "UPDATE t SET other = NULL WHERE id = 3",
        "DELETE FROM t WHERE id = 3; INSERT INTO t VALUES (1, 'again', NULL)",
    ];
}
