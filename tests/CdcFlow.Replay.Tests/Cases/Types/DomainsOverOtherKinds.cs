namespace CdcFlow.Replay.Tests.Cases;

[Report("yugabyte/yb-voyager", "#3711", "Domains over arrays and composite types were not read like what is under them.")]
[Report("sequinstream/sequin", "#2158", "Composite types within others were read as null.")]
public sealed class DomainsOverOtherKinds : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TYPE point2 AS (x int, label text); CREATE DOMAIN labelled AS point2 CHECK ((VALUE).x > 0); CREATE DOMAIN many AS labelled[] CHECK (cardinality(VALUE) < 5);
        CREATE TYPE nested AS (points many, note text, inner_point point2);
        CREATE TABLE t (id bigint PRIMARY KEY, value nested);
        INSERT INTO t VALUES (1, ROW(ARRAY[ROW(1, 'a "quoted", (odd)')::labelled, ROW(2, NULL)::labelled]::many, '', NULL)), (2, NULL), (3, ROW(NULL, E'\\ "', ROW(NULL, ' ')));
        """;

    protected override string[] Changes => ["INSERT INTO t SELECT id + 10, value FROM t", "UPDATE t SET value.note = 'n', value.points[1].label = 'z' WHERE id = 1", "ALTER TYPE nested ADD ATTRIBUTE more int", "UPDATE t SET value.more = 5"];
}
