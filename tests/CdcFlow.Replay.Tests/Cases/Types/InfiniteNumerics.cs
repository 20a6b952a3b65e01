namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-606", "A numeric that is no number came as null.")]
public sealed class InfiniteNumerics : CopyCase<Items>
{
    protected override int Since => 14;

    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value numeric); INSERT INTO t VALUES (1, 'Infinity'), (2, 'NaN');";

    protected override string[] Changes => ["INSERT INTO t VALUES (3, '-Infinity'), (4, 1e-1000), (5, 1e1000)"];
}
