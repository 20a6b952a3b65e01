namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "dbz#2020", "An incremental snapshot failed on a table with a generated column.")]
[Report("supabase/etl", "#77", "Tables with generated columns had other columns in the copy than in the stream.")]
public sealed class GeneratedColumnBesideOthers : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, twice bigint GENERATED ALWAYS AS (id * 2) STORED, value text);
        INSERT INTO t (id, value) VALUES (1, 'one');
        """;

    protected override string[] Changes => ["INSERT INTO t (id, value) VALUES (2, 'two')", "UPDATE t SET id = 3, value = 'three' WHERE id = 1"];
}
