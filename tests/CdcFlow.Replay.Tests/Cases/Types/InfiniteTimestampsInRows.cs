using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "dbz#1833", "An infinite timestamp overflowed into a moment of some year.")]
public sealed partial class InfiniteTimestampsInRows : Case<InfiniteTimestampsInRows.Pipeline>
{
    [Table("t")]
    public sealed record Row([property: Key] long Id, DateTime? Value);

    [CdcPipeline("rows")]
    public sealed partial class Pipeline
    {
        [PostgresSource("source"), PostgresSink("sink")]
        public partial Changes<Row> Rows { get; }
    }

    [Fact]
    public async Task Stops_with_a_code()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value timestamp); INSERT INTO t VALUES (1, 'infinity');");
        await RefusedAsync("CDCF4012", "'Value'");
        await SourceAsync("UPDATE t SET value = '2020-01-01'");
        await RunAsync();
        await SameAsync();
    }
}
