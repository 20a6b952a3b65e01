namespace CdcFlow.Replay.Tests.Cases;

[Report("risingwavelabs/risingwave", "#10803", "The blanks of char columns were treated in two ways.")]
public sealed class PaddedTexts : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (id bigint PRIMARY KEY, value char(12)); INSERT INTO t VALUES (1, 'CHINA'), (2, ''), (3, '  x');";

    protected override string[] Changes => ["INSERT INTO t VALUES (4, 'twelve chars')", "UPDATE t SET value = 'ö' WHERE id = 2"];
}
