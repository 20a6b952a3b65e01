namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-1034", "Ranges of times and dates were not understood.")]
public sealed class Multiranges : CopyCase<Items>
{
    protected override int Since => 14;

    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value nummultirange); INSERT INTO t VALUES (1, '{[1,2),(3.50,4]}'), (2, '{}');";

    protected override string[] Changes =>
    [
        "INSERT INTO t VALUES (3, '{(,)}')",
        "UPDATE t SET value = value + nummultirange(numrange(10, 11)) WHERE id = 1",
    ];
}
