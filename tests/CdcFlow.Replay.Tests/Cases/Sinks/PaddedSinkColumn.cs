namespace CdcFlow.Replay.Tests.Cases;

[Report("risingwavelabs/risingwave", "#10803", "The blanks of char columns were treated in two ways.")]
public sealed class PaddedSinkColumn : CopyCase<Items>
{
    protected override string SinkTable => "CREATE TABLE t (id bigint PRIMARY KEY, value char(5))";

    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value char(5)); INSERT INTO t VALUES (1, 'abc'), (2, 'abcde');";

    protected override string[] Changes => ["UPDATE t SET value = 'xyz' WHERE id = 1", "INSERT INTO t VALUES (3, '')"];
}
