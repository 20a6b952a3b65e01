namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-478", "A NULL in an array column ended the connector.")]
public sealed class NullsInArrays : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text[]); INSERT INTO t VALUES (1, NULL), (2, ARRAY[NULL, 'NULL', '', 'a,b', '{}']);";

    protected override string[] Changes => ["INSERT INTO t VALUES (3, ARRAY[NULL]::text[]), (4, '[0:1]={x,y}')"];
}
