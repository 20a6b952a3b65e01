namespace CdcFlow.Replay.Tests.Cases;

[Report("xataio/pgstream", "#425", "Adding a column stopped the pipeline.")]
[Report("confluentinc/bottledwater-pg", "#81", "A column was added with a default, and nothing was told of it.")]
public sealed class RewrittenTable : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t SELECT n, n FROM generate_series(1, 100) n;";

    protected override string[] Changes =>
    [
        "ALTER TABLE t ADD COLUMN stamp timestamptz NOT NULL DEFAULT clock_timestamp()",
        "UPDATE t SET value = 'x' WHERE id < 10",
        "ALTER TABLE t ALTER stamp TYPE text",
        "CLUSTER t USING t_pkey",
        "DELETE FROM t WHERE id > 90; INSERT INTO t VALUES (1000, 'k', 'now')",
    ];
}
