namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-6524", "The stream left out ltree columns that the snapshot had.")]
public sealed class Ltrees : CopyCase<Items>
{
    protected override string Before => "CREATE EXTENSION ltree; CREATE TABLE t (id bigint PRIMARY KEY, value ltree); INSERT INTO t VALUES (1, 'Top.Science.Astronomy');";

    protected override string[] Changes => ["INSERT INTO t VALUES (2, 'Top.Hobbies'), (3, '')"];
}
