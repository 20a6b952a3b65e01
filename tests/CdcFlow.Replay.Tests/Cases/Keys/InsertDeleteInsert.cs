namespace CdcFlow.Replay.Tests.Cases;

[Report("memiiso/debezium-server-iceberg", "#661", "Insert, delete and insert of one key in one batch left the first row.")]
public sealed class InsertDeleteInsert : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value text);";

    protected override string[] Changes =>
    [
        "INSERT INTO t VALUES (1, 'hello'); DELETE FROM t WHERE id = 1; INSERT INTO t VALUES (1, 'hallo')",
        "DELETE FROM t; INSERT INTO t VALUES (1, 'salut'), (2, 'x'); DELETE FROM t WHERE id = 2",
    ];
}
