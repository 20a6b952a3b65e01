namespace CdcFlow.Replay.Tests.Cases;

[Report("2ndQuadrant/pglogical", "#295", "Of rows that one COPY wrote together, the last one came several times.")]
public sealed class CopiedRows : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text DEFAULT 'default'); INSERT INTO t VALUES (0, 'zero');";

    protected override string[] Changes =>
    [
        "COPY t (id) FROM PROGRAM 'seq 1 3000'",
        "BEGIN; TRUNCATE t; COPY t (id) FROM PROGRAM 'seq 2000 4000' WITH (FREEZE); UPDATE t SET value = repeat(md5(id::text), 100) WHERE id % 100 = 0; COMMIT",
        "BEGIN; SAVEPOINT s; COPY t (id) FROM PROGRAM 'seq 5000 6000'; ROLLBACK TO s; COPY t (id) FROM PROGRAM 'seq 5500 5600'; COMMIT",
    ];
}
