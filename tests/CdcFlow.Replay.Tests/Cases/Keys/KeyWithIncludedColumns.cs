namespace CdcFlow.Replay.Tests.Cases;

[Report("risingwavelabs/risingwave", "#27163", "The columns that a key's index includes were taken for columns of the key.")]
public sealed class KeyWithIncludedColumns : CopyCase<Items>
{
    protected override string Before => "CREATE TABLE t (value text, id bigint, PRIMARY KEY (id) INCLUDE (value)); INSERT INTO t SELECT n, n FROM generate_series(1, 20) n;";

    protected override string[] Changes => ["UPDATE t SET value = 'x' WHERE id = 2", "UPDATE t SET id = 30 WHERE id = 3", "DELETE FROM t WHERE id = 4"];
}
