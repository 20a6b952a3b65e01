namespace CdcFlow.Replay.Tests.Cases;

[Report("readysettech/readyset", "#278", "Numbers in arrays went through a binary float and were rounded.")]
public sealed class NumericArrays : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value numeric[]); INSERT INTO t VALUES (1, '{0.1,NaN,1e30}'), (2, '{1.10,NULL}');";

    protected override string[] Changes =>
    [
        "INSERT INTO t VALUES (3, '{123456789012345678901234567890.000000000000000001}')",
        "UPDATE t SET value = value || 0.30 WHERE id = 1",
    ];
}
