namespace CdcFlow.Replay.Tests.Cases;

[Report("apache/flink-cdc", "FLINK-37332", "Chunks could be cut along few types of keys only.")]
public sealed class NumericKeys : CopyCase<TextItems>
{
    protected override string Before =>
        """
        CREATE TABLE t (id numeric PRIMARY KEY, value text);
        INSERT INTO t SELECT n / 7.0, n FROM generate_series(-500, 500) n;
        INSERT INTO t VALUES ('NaN', 'nan'), (1e100, 'large');
        """;

    protected override string[] Changes =>
    [
        "UPDATE t SET value = 'x' WHERE id > 10",
        "DELETE FROM t WHERE id < -20",
        "UPDATE t SET value = 'still nan' WHERE id = 'NaN'",
    ];
}
