namespace CdcFlow.Replay.Tests.Cases;

[Report("ClickHouse/ClickHouse", "#111552", "A key that is stored out of line was replaced by a default value.")]
public sealed class ToastInKey : CopyCase<TextItems>
{
    protected override string Before =>
        """
        CREATE TABLE t (id text PRIMARY KEY, value text);
        ALTER TABLE t ALTER id SET STORAGE EXTERNAL;
        INSERT INTO t VALUES (repeat('k', 2500), 'one'), (repeat('l', 2500), 'two'), ('short', 'three');
        """;

    protected override string[] Changes =>
    [
        "UPDATE t SET value = value || '!'",
        "DELETE FROM t WHERE id LIKE 'l%'",
        "UPDATE t SET id = id || 'x' WHERE id LIKE 'k%'",
    ];
}
