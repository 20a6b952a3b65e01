namespace CdcFlow.Replay.Tests.Cases;

[Report("supabase/etl", "#59", "Tables with replica identity FULL did not replicate.")]
[Report("debezium", "DBZ-1029", "Changes of tables under replica identity FULL were dropped.")]
public sealed class UpdatesUnderFull : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text); ALTER TABLE t REPLICA IDENTITY FULL; INSERT INTO t VALUES (1, 'one'), (2, NULL);";

    protected override string[] Changes =>
    [
        "UPDATE t SET value = 'two' WHERE id = 2; UPDATE t SET value = NULL WHERE id = 1",
        "UPDATE t SET id = 5 WHERE id = 1",
        "DELETE FROM t WHERE value IS NULL",
    ];
}
