namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-6384", "The snapshot failed on hstore columns.")]
public sealed class Hstores : CopyCase<Items>
{
    protected override string Before => """CREATE EXTENSION hstore; CREATE TABLE t (id bigint PRIMARY KEY, value hstore); INSERT INTO t VALUES (1, 'a=>1, "b c"=>NULL'), (2, '');""";

    protected override string[] Changes => ["""INSERT INTO t VALUES (3, hstore('q"=>', '\'))""", "UPDATE t SET value = value || 'z=>26' WHERE id = 1"];
}
