namespace CdcFlow.Replay.Tests.Cases;

[Report("risingwavelabs/risingwave", "#24137", "Ranges of timestamps came as null.")]
[Report("debezium", "DBZ-1034", "Ranges of times and dates were not understood.")]
public sealed class Ranges : CopyCase<Items>
{
    protected override string SinkTable => "CREATE TABLE t (id bigint PRIMARY KEY, value tstzrange)";

    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value tstzrange);
        INSERT INTO t VALUES (1, '[2024-01-01 00:00+00,2024-02-01 00:00+00)'), (2, 'empty'), (3, '(,)');
        """;

    protected override string[] Changes =>
    [
        "INSERT INTO t VALUES (4, '(2024-01-01 00:00+00,infinity]')",
        "UPDATE t SET value = tstzrange(lower(value), NULL) WHERE id = 1",
    ];
}
