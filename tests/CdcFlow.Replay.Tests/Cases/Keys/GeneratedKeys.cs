namespace CdcFlow.Replay.Tests.Cases;

[Report("xataio/pgstream", "#753", "Values of identity columns were taken for generated ones and dropped.")]
public sealed class GeneratedKeys : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY (START 100 INCREMENT 7) PRIMARY KEY, value text);
        INSERT INTO t (value) VALUES ('a'), ('b');
        """;

    protected override string[] Changes =>
    [
        "INSERT INTO t (value) VALUES ('c')",
        "INSERT INTO t OVERRIDING SYSTEM VALUE VALUES (5, 'five')",
        "DELETE FROM t WHERE value = 'a'",
    ];
}
