namespace CdcFlow.Replay.Tests.Cases;

[Report("dailydotdev/daily-api", "#4008", "On PostgreSQL 18 a publication without the generated column made every UPDATE under FULL fail.")]
[Report("spiceai/spiceai", "#11293", "FULL that covers a generated column which is not published made the application's updates fail.")]
public sealed class GeneratedColumnUnderFull : CopyCase<Items>
{
    protected override string Before =>
        """
        CREATE TABLE t (id bigint PRIMARY KEY, value text, upper_value text GENERATED ALWAYS AS (upper(value)) STORED);
        ALTER TABLE t REPLICA IDENTITY FULL; INSERT INTO t VALUES (1, 'one'), (2, 'two');
        """;

    protected override string[] Changes => ["UPDATE t SET value = 'uno' WHERE id = 1", "DELETE FROM t WHERE id = 2"];
}
