namespace CdcFlow.Replay.Tests.Cases;

[Report("MaterializeInc/materialize", "#6553", "A changed key was deleted downstream and not inserted again.")]
[Report("debezium", "DBZ-150", "A changed key came as insert before delete.")]
public sealed class KeyUpdates : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, 'three');";

    protected override string[] Changes =>
    [
        "UPDATE t SET id = 10 WHERE id = 1",
        "UPDATE t SET id = id + 100",
        "UPDATE t SET id = id - 100, value = 'back' WHERE id = 102",
    ];
}
