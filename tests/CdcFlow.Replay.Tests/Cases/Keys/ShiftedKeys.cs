namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "dbz#2403", "The order of writes within a transaction mattered for keys that change places.")]
public sealed class ShiftedKeys : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, value text);
        ALTER TABLE t REPLICA IDENTITY FULL;
        INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, 'three');
        """;

    protected override string[] Changes => ["UPDATE t SET id = id + 1", "UPDATE t SET id = 5 - id", "DELETE FROM t WHERE id = 1; UPDATE t SET id = id - 1"];
}
