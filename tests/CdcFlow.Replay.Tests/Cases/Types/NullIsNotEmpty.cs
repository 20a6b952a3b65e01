namespace CdcFlow.Replay.Tests.Cases;

[Report("redpanda-data/connect", "#3088", "NULL came as an empty text.")]
public sealed class NullIsNotEmpty : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value varchar(5)); INSERT INTO t VALUES (1, NULL), (2, ''), (3, 'NULL');";

    protected override string[] Changes =>
    [
        "INSERT INTO t VALUES (4, NULL), (5, '')",
        "UPDATE t SET value = NULL WHERE id = 2; UPDATE t SET value = '' WHERE id = 1",
    ];
}
