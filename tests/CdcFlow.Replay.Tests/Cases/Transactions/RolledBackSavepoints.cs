namespace CdcFlow.Replay.Tests.Cases;

[Report("Trendyol/go-pq-cdc", "#166", "A savepoint rolled back inside a large transaction threw away the rows before it.")]
[Report("eulerto/wal2json", "#157", "Decoding failed on subtransactions of a large transaction.")]
[Report("estuary/connectors", "#5228", "PostgreSQL 18 sent the abort of a subtransaction to a client that had not asked for streaming.")]
public sealed class RolledBackSavepoints : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text);";

    protected override string[] Changes =>
    [
        """
        BEGIN; INSERT INTO t SELECT n, repeat('a', 300) FROM generate_series(1, 600) n;
        SAVEPOINT s; INSERT INTO t SELECT n, repeat('b', 300) FROM generate_series(1001, 1600) n; UPDATE t SET value = 'no'; ROLLBACK TO s;
        SAVEPOINT s; UPDATE t SET value = 'yes' WHERE id < 5; RELEASE s; SAVEPOINT s; SAVEPOINT inner_s; DELETE FROM t WHERE id = 7; ROLLBACK TO s;
        INSERT INTO t SELECT n, 'c' FROM generate_series(2001, 2005) n; COMMIT
        """,
        """
        DO $$ BEGIN FOR i IN 1..150 LOOP BEGIN INSERT INTO t VALUES (3000 + i, repeat('d', 300)); IF i % 3 = 0 THEN RAISE EXCEPTION 'no'; END IF;
        EXCEPTION WHEN raise_exception THEN NULL; END; END LOOP; END $$
        """,
    ];
}
