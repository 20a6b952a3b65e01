namespace CdcFlow.Replay.Tests.Cases;

[Report("risingwavelabs/risingwave", "#16895", "The first moment of the year 1 became one of the year 1 BC.")]
public sealed class EarlyAndLateDates : CopyCase<Items>
{
    protected override string SinkTable => "CREATE TABLE t (id bigint PRIMARY KEY, value timestamp)";

    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value timestamp);
        INSERT INTO t VALUES (1, '0001-01-01'), (2, '4713-01-01 00:00 BC'), (3, '1582-10-10');
        """;

    protected override string[] Changes =>
    [
        "INSERT INTO t VALUES (4, '0001-01-01'), (5, '294276-12-31 23:59:59.999999'), (6, '10000-01-01')",
        "UPDATE t SET value = '0044-03-15 BC' WHERE id = 1",
    ];
}
