namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-5071", "Rows with special values in their keys were left out of a snapshot, or ended it.")]
public sealed class TimestampKeys : CopyCase<TextItems>
{
    protected override string Before =>
        """
        CREATE TABLE t (id timestamp PRIMARY KEY, value text);
        INSERT INTO t SELECT '2024-01-01'::timestamp + n * interval '1 hour 1 microsecond', n FROM generate_series(1, 1000) n;
        INSERT INTO t VALUES ('infinity', 'last'), ('-infinity', 'first'), ('0044-03-15 BC', 'ides');
        """;

    protected override string[] Changes =>
    [
        "UPDATE t SET value = 'x' WHERE id > '2024-02-01'",
        "DELETE FROM t WHERE id = 'infinity'",
        "UPDATE t SET id = 'infinity' WHERE id = '-infinity'",
    ];
}
