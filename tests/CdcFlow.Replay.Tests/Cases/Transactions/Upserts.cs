namespace CdcFlow.Replay.Tests.Cases;

[Report("GoogleCloudPlatform/DataflowTemplates", "#133", "Insert and update of a row before its first merge left it twice.")]
[Report("jOOQ/jOOQ", "#14568", "What MERGE and ON CONFLICT write was not the row that was expected.")]
public sealed class Upserts : CopyCase<Items>
{
    protected override int Since => 15;

    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t SELECT n, n FROM generate_series(1, 200) n;";

    protected override string[] Changes =>
    [
        "INSERT INTO t SELECT n, 'upserted' FROM generate_series(150, 250) n ON CONFLICT (id) DO UPDATE SET value = t.value || EXCLUDED.value, id = t.id + CASE t.id WHEN 200 THEN 1000 ELSE 0 END",
        "INSERT INTO t SELECT n, 'ignored' FROM generate_series(240, 260) n ON CONFLICT DO NOTHING",
        """
        MERGE INTO t USING (SELECT n FROM generate_series(1, 300) n) s ON t.id = s.n
        WHEN MATCHED AND s.n % 3 = 0 THEN DELETE WHEN MATCHED AND s.n % 3 = 1 THEN UPDATE SET value = 'merged', id = s.n + CASE s.n WHEN 100 THEN 2000 ELSE 0 END
        WHEN NOT MATCHED THEN INSERT VALUES (s.n, 'new')
        """,
        "WITH gone AS (DELETE FROM t WHERE id < 20 RETURNING *) INSERT INTO t SELECT id + 5000, value FROM gone",
    ];
}
