using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests.Cases;

[Report("apache/flink-cdc", "FLINK-38110", "Chinese column names were garbled in the stream.")]
public sealed partial class ColumnNamesBeyondAscii : CopyCase<ColumnNamesBeyondAscii.Pipeline>
{
    [Table("表")]
    public sealed record Row([property: Key, Column("编号")] long Id, [property: Column("名称 é")] string? Name);

    [CdcPipeline("beyond-ascii")]
    public sealed partial class Pipeline
    {
        [PostgresSource("source"), PostgresSink("sink")]
        public partial Changes<Row> Rows { get; }
    }

    protected override string Table => "表";

    protected override string Before =>
        """
        CREATE TABLE 表 (编号 bigint PRIMARY KEY, "名称 é" text);
        INSERT INTO 表 VALUES (1, '一');
        """;

    protected override string[] Changes => ["INSERT INTO 表 VALUES (2, '二')", """UPDATE 表 SET "名称 é" = '壹' WHERE 编号 = 1"""];
}
