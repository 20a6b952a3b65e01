namespace CdcFlow.Replay.Tests.Cases;

[Report("airbytehq/airbyte", "#79109", "Values of an extension's base type came as null in the stream, and right in the snapshot.")]
public sealed class TypesOfExtensions : CopyCase<Items>
{
    protected override string Before => "CREATE EXTENSION cube; CREATE TABLE t (id bigint PRIMARY KEY, value cube); INSERT INTO t VALUES (1, '(1,2,3)'), (2, '(0.1,-1e300),(2,2)');";

    protected override string[] Changes => ["INSERT INTO t VALUES (3, '()')", "UPDATE t SET value = cube_enlarge(value, 1, 3) WHERE id = 1"];
}
