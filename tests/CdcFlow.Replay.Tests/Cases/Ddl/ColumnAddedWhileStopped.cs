using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests.Cases;

[Report("feldera/feldera", "#6123", "Rows of the log from before a column was added did not fit the row type that has it.")]
[Report("yugabyte/yugabyte-db", "#14593", "A column that was added did not arrive.")]
public sealed partial class ColumnAddedWhileStopped : Case<ColumnAddedWhileStopped.Pipeline>
{
    [Table("t")]
    public sealed record Row([property: Key] long Id, string? Value, int? More);

    [CdcPipeline("added")]
    public sealed partial class Pipeline
    {
        [PostgresSource("source", Startup = Startup.Latest), PostgresSink("sink")]
        public partial Changes<Row> Rows { get; }
    }

    [Fact]
    public async Task Is_null_where_the_log_lacks_it()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value text, more int)");
        await RunAsync();
        await SourceAsync("ALTER TABLE t DROP COLUMN more");
        await SourceAsync("INSERT INTO t VALUES (1, 'before')");
        await SourceAsync("ALTER TABLE t ADD COLUMN more int DEFAULT 7; INSERT INTO t VALUES (2, 'after');");
        await RunAsync();
        var (sink, _) = await Stage.BothAsync("t", "t");
        Assert.Equal(["1 | before | NULL", "2 | after | 7"], sink);
    }
}
