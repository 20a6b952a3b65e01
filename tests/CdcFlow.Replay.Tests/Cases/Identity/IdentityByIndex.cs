namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-1401", "A unique index as replica identity was not taken for the key.")]
public sealed class IdentityByIndex : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (other int PRIMARY KEY, id bigint NOT NULL, value text);
        CREATE UNIQUE INDEX i ON t (id);
        ALTER TABLE t REPLICA IDENTITY USING INDEX i;
        INSERT INTO t VALUES (1, 10, 'ten');
        """;

    protected override string[] Changes =>
    [
        "INSERT INTO t VALUES (2, 20, 'twenty')",
        "UPDATE t SET other = other + 10",
        "UPDATE t SET id = 11 WHERE id = 10",
        "DELETE FROM t WHERE id = 20",
    ];
}
