using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests.Cases;

[Report("readysettech/readyset", "#278", "Binary floats lost digits, their sign at zero, or were refused where they are no numbers.")]
public sealed partial class FloatsOfEveryKind : CopyCase<FloatsOfEveryKind.Pipeline>
{
    [Table("t")]
    public sealed record Row([property: Key] string Id, float? Small, double? Large, float[]? Smalls, string? Text);

    [CdcPipeline("floats")]
    public sealed partial class Pipeline
    {
        [PostgresSource("source"), PostgresSink("sink")]
        public partial Changes<Row> Rows { get; }
    }

    protected override string Before =>
        """
        CREATE TABLE t (id float8 PRIMARY KEY, small real, large float8, smalls real[], text float8);
        INSERT INTO t VALUES (1, '-0', '-0', '{-0,NaN,Infinity,1e-45,3.4028235e38}', '-0'), ('NaN', 'NaN', 'NaN', NULL, 'NaN'), ('-Infinity', '-Infinity', 'Infinity', '{}', '-Infinity'),
            (0.1, 0.1, 0.1, '{0.1}', 0.1), (5e-324, 1e-45, 5e-324, '{1.17549435e-38}', 2.2250738585072014e-308), (1.7976931348623157e308, 3.4028235e38, 1.7976931348623157e308, NULL, 1e15);
        """;

    protected override string[] Changes =>
    [
        "UPDATE t SET small = -small, large = -large, text = -text",
        "UPDATE t SET id = -id WHERE id IN (1, 0.1)",
        "DELETE FROM t WHERE id = 'NaN'; INSERT INTO t VALUES ('Infinity', 16777217, 9007199254740993, '{16777216}', 1e16), (0, 0, 0, NULL, 0); UPDATE t SET id = '-0' WHERE id = 0",
    ];
}
