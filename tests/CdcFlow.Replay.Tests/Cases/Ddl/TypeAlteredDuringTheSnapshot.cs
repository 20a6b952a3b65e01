using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests.Cases;

[Report("apache/doris", "#61182", "Changes of a table's columns were compared by name alone, so that another type was not seen.")]
public sealed partial class TypeAlteredDuringTheSnapshot : Case<TypeAlteredDuringTheSnapshot.Pipeline>
{
    [Table("t")]
    public sealed record Row([property: Key] long Id, double Value);

    [CdcPipeline("altered")]
    public sealed partial class Pipeline
    {
        [PostgresSource("source"), PostgresSink("sink")]
        public partial Changes<Row> Rows { get; }
    }

    [Fact]
    public async Task Is_never_read_as_the_old_type()
    {
        await SourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, value int); INSERT INTO t SELECT n, 1 FROM generate_series(1, 20000) n;");
        Set("Sources:source:ChunkRows", "100");
        await StartAsync();
        await SourceAsync("ALTER TABLE t ALTER value TYPE real");
        await EndedOrCaughtUpAsync();
        await RunAsync();
        await SameAsync();
    }
}
