namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-7351", "The snapshot of a table had the rows of the tables that inherit from it, the stream did not.")]
[Report("confluentinc/bottledwater-pg", "#41", "The snapshot read a table together with its children.")]
[Report("dimitri/pgcopydb", "#537", "The copy of a parent had its children's rows.")]
public sealed class InheritedTables : CopyCase<Items>
{
    protected override string SourceTable => "ONLY t";

    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value text); CREATE TABLE child (more int, PRIMARY KEY (id)) INHERITS (t);
        INSERT INTO t VALUES (1, 'parent'); INSERT INTO child VALUES (1, 'same key', 1), (2, 'child', 2);
        """;

    protected override string[] Changes =>
    [
        "INSERT INTO child VALUES (3, 'three', 3); INSERT INTO t VALUES (4, 'four')",
        "UPDATE t SET value = value || '!'",
        "DELETE FROM t WHERE id = 3",
    ];
}
