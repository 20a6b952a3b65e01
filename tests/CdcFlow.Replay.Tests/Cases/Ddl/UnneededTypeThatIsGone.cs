namespace CdcFlow.Replay.Tests.Cases;

[Report("risingwavelabs/risingwave", "#16880", "The type of a column was asked for by a number that the catalogue did not have any more.")]
public sealed class UnneededTypeThatIsGone : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE EXTENSION citext; CREATE DOMAIN short AS varchar(10);
        CREATE TABLE t (id bigint PRIMARY KEY, value text, other citext, third short[]); INSERT INTO t VALUES (1, 'one', 'x', '{y}');
        """;

    protected override string[] Changes =>
    [
        "INSERT INTO t VALUES (2, 'two', 'X', '{z}'); UPDATE t SET other = 'q' WHERE id = 1",
        "ALTER TABLE t DROP COLUMN other, DROP COLUMN third; DROP EXTENSION citext; DROP DOMAIN short",
        "INSERT INTO t VALUES (3, 'three')",
    ];
}
