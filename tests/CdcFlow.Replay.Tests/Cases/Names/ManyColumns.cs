namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "dbz#2418", "Wide tables made each change large, and what an update did not touch went missing.")]
public sealed class ManyColumns : CopyCase<Items>
{
    protected override string Before =>
        """
        DO $$ BEGIN EXECUTE 'CREATE TABLE t (' || (SELECT string_agg(format('column_%s_%s int', n, repeat('x', 45)), ', ') FROM generate_series(1, 1500) n) || ', id bigint PRIMARY KEY, value text)'; END $$;
        INSERT INTO t (id, value) SELECT n, n FROM generate_series(1, 20) n;
        """;

    protected override string[] Changes => ["UPDATE t SET value = 'x' WHERE id < 5", "UPDATE t SET id = 100 WHERE id = 6", "DELETE FROM t WHERE id = 7"];
}
