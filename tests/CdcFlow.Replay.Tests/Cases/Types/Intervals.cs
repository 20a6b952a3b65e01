namespace CdcFlow.Replay.Tests.Cases;

[Report("sequinstream/sequin", "#2094", "Backfill read intervals as null; the stream had them right.")]
public sealed class Intervals : CopyCase<Items>
{
    protected override string SinkTable => "CREATE TABLE t (id bigint PRIMARY KEY, value interval)";

    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value interval);
        INSERT INTO t VALUES (1, '1 year 2 mons -3 days 04:05:06.789'), (2, '-00:00:00.000001');
        """;

    protected override string[] Changes =>
    [
        "INSERT INTO t VALUES (3, '178000000 years'), (4, '1 mon -1 day')",
        "UPDATE t SET value = '400 days' WHERE id = 1",
    ];
}
