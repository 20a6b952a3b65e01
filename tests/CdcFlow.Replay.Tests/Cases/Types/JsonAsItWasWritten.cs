namespace CdcFlow.Replay.Tests.Cases;

[Report("dashjoin/platform", "#488", "A JSON text with an escaped zero character could not be written.")]
[Report("paradedb/pg_analytics", "#188", "A JSON text with an escaped zero character ended the load.")]
public sealed class JsonAsItWasWritten : CopyCase<Items>
{
    protected override string SinkTable => "CREATE TABLE t (id bigint PRIMARY KEY, value json)";

    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value json);
        INSERT INTO t VALUES (1, '{"a":1, "a" : 2,  "b":"\u0000\ud800"}'), (2, '1e400'), (3, 'null'), (4, NULL), (5, '[1.0, -0, 1E+2, 12345678901234567890.10]');
        """;

    protected override string[] Changes => ["INSERT INTO t SELECT id + 10, value FROM t", "UPDATE t SET value = '\"\\u0000\"' WHERE id = 4", "UPDATE t SET value = NULL WHERE id = 3"];
}
