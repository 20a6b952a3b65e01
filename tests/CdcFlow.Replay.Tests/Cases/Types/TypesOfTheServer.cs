namespace CdcFlow.Replay.Tests.Cases;

[Report("airbytehq/airbyte", "#79109", "Types that applications seldom use came as null, or ended the stream.")]
[Report("apache/flink-cdc", "FLINK-35907", "Types that applications seldom use had one form in the snapshot and another in the stream.")]
public sealed class TypesOfTheServer : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TYPE everything AS (a pg_lsn, b xid8, c oid, d tid, e macaddr8, f cidr, g "char", h name, i jsonpath, j pg_snapshot, k int2vector, l regclass, m line, n path, o circle, p polygon, q point, r xml, s lseg, t regtype);
        CREATE TABLE t (id bigint PRIMARY KEY, value everything);
        INSERT INTO t VALUES (1, ROW('FFFFFFFF/1', '18446744073709551615', 4294967295, '(4294967295,65535)', '08:00:2b:01:02:03:04:05', '::/0', 'é', 'Name', '$."a"[*] ? (@ > 1)', '10:20:10,14', '1 2 3',
            'pg_class', '{1,-1,0}', '[(0,0),(1,NaN)]', '<(0,-0),Infinity>', '((0,0),(1e300,-0),(2,2))', '(NaN,-Infinity)', '<a>&lt;<b/><!-- c --></a>', '[(0,0),(1,1)]', 'int4')), (2, NULL);
        """;

    protected override string[] Changes => ["INSERT INTO t SELECT id + 10, value FROM t", "UPDATE t SET value.h = NULL, value.q = '(-0,0)' WHERE id = 1"];
}
