namespace CdcFlow.Replay.Tests.Cases;

[Report("postgrespro/postgres_cluster", "#23", "Prepared transactions were decoded in part.")]
public sealed class PreparedTransactions : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one');";

    protected override string[] Changes =>
    [
        "BEGIN; INSERT INTO t VALUES (2, 'two'); UPDATE t SET value = 'uno' WHERE id = 1; PREPARE TRANSACTION 'keep'",
        "BEGIN; INSERT INTO t VALUES (3, 'three'); PREPARE TRANSACTION 'drop'",
        "INSERT INTO t VALUES (4, 'four')",
        "COMMIT PREPARED 'keep'",
        "ROLLBACK PREPARED 'drop'",
    ];
}
