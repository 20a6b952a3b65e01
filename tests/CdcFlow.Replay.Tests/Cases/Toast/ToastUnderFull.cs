namespace CdcFlow.Replay.Tests.Cases;

[Report("redpanda-data/connect", "#3106", "A large value that an update did not touch was missing under REPLICA IDENTITY FULL too.")]
[Report("MaterializeInc/materialize", "#8362", "Updates of rows with large values were refused although the old row has them.")]
public sealed class ToastUnderFull : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value text, n int);
        ALTER TABLE t REPLICA IDENTITY FULL;
        ALTER TABLE t ALTER value SET STORAGE EXTERNAL;
        INSERT INTO t VALUES (1, repeat('x', 9000), 1);
        """;

    protected override string[] Changes => ["UPDATE t SET n = 2", "UPDATE t SET id = 2"];
}
