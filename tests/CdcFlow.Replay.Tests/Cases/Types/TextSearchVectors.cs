namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-8470", "Columns of tsvector were left out.")]
public sealed class TextSearchVectors : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value tsvector); INSERT INTO t VALUES (1, to_tsvector('english', 'The quick brown foxes')), (2, '');";

    protected override string[] Changes =>
    [
        """INSERT INTO t VALUES (3, '''it''''s'':1A,2B "q"')""",
        "UPDATE t SET value = setweight(value, 'A') WHERE id = 1",
    ];
}
