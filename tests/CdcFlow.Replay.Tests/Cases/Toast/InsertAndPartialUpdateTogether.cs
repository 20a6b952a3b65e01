namespace CdcFlow.Replay.Tests.Cases;

[Report("bruin-data/ingestr", "#805", "Insert and partial update of a row in one batch were merged into the update alone, and large values became null.")]
public sealed class InsertAndPartialUpdateTogether : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text, n int); ALTER TABLE t ALTER value SET STORAGE EXTERNAL;";

    protected override string[] Changes =>
    [
        "BEGIN; INSERT INTO t VALUES (1, repeat('x', 9000), 1); UPDATE t SET n = 2; COMMIT; INSERT INTO t VALUES (2, repeat('y', 9000), 1)",
        "UPDATE t SET n = n + 1",
        "DELETE FROM t WHERE id = 2; INSERT INTO t VALUES (2, repeat('z', 9000), 1); UPDATE t SET n = 9",
    ];
}
