namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-6481", "An incremental snapshot failed on a key of an enum.")]
[Report("sequinstream/sequin", "#2149", "Backfill of a table with an enum in its key ended in a loop of crashes.")]
public sealed class EnumKeys : CopyCase<TextItems>
{
    protected override string Before =>
        """
        CREATE TYPE size AS ENUM ('small', 'medium', 'large', 'extra');
        CREATE TABLE t (id size PRIMARY KEY, value text);
        INSERT INTO t VALUES ('small', 's'), ('large', 'l');
        """;

    protected override string[] Changes =>
    [
        "INSERT INTO t VALUES ('medium', 'm')",
        "UPDATE t SET value = 'L' WHERE id = 'large'",
        "DELETE FROM t WHERE id = 'small'",
    ];
}
