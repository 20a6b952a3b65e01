namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-1888", "Arrays of ranges could not be read.")]
public sealed class RangeArrays : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value daterange[]);
        INSERT INTO t VALUES (1, ARRAY['[2024-01-01,2024-01-03]'::daterange, NULL, 'empty']), (2, '{}');
        """;

    protected override string[] Changes => ["INSERT INTO t VALUES (3, ARRAY['[-infinity,infinity)'::daterange])"];
}
