namespace CdcFlow.Replay.Tests.Cases;

[Report("xataio/pgstream", "#390", "Values of generated columns could not be written to the target.")]
public sealed class IdentityAlwaysSinkColumn : CopyCase<Items>
{
    protected override string SinkTable => "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, value text)";

    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (10, 'ten');";

    protected override string[] Changes => ["INSERT INTO t VALUES (20, 'twenty')", "UPDATE t SET id = 30 WHERE id = 10"];
}
