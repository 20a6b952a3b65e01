namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-842", "A large value that an update did not touch came as null.")]
[Report("posix4e/jsoncdc", "#63", "A large value that an update did not touch could not be read.")]
public sealed class ToastUnderDefault : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value text, n int);
        ALTER TABLE t ALTER value SET STORAGE EXTERNAL;
        INSERT INTO t VALUES (1, repeat('x', 9000), 1), (2, 'short', 1);
        """;

    protected override string[] Changes =>
    [
        "UPDATE t SET n = 2",
        "UPDATE t SET value = NULL WHERE id = 2",
        "UPDATE t SET n = 3; UPDATE t SET value = repeat('y', 9000), n = 4 WHERE id = 1; UPDATE t SET n = 5",
    ];
}
