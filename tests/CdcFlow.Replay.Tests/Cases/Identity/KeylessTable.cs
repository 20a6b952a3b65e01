using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Files;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests.Cases;

[Report("apache/flink-cdc", "FLINK-39409", "A table without a key could not be read by an incremental snapshot.")]
[Report("apache/flink-cdc", "#464", "That a table's replica identity does not let changes be told was not seen before the start.")]
public sealed partial class KeylessTable : Case<KeylessTable.Pipeline>
{
    [Table("t")]
    public sealed record Row(int? A, string? B);

    [CdcPipeline("keyless")]
    public sealed partial class Pipeline
    {
        [PostgresSource("source"), FileSink("files", Name = "journal")]
        public partial Changes<Row> Rows { get; }
    }

    [Fact]
    public async Task Is_refused_before_it_breaks_the_application_and_read_once_it_has_an_identity()
    {
        await SourceAsync("CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'x'), (1, 'x');");
        await RefusedAsync("CDCF4036", """ALTER TABLE "public"."t" REPLICA IDENTITY FULL;""");
        await SourceAsync("DELETE FROM t WHERE ctid IN (SELECT min(ctid) FROM t)");

        await SourceAsync("""ALTER TABLE "public"."t" REPLICA IDENTITY FULL;""");
        await RunAsync();
        await SourceAsync("INSERT INTO t VALUES (NULL, NULL); UPDATE t SET b = 'y' WHERE a = 1; DELETE FROM t WHERE a IS NULL;");
        await RunAsync();
        await JournalAsync(
            """{"op":"r","a":1,"b":"x"}""",
            """{"op":"c","a":null,"b":null}""",
            """{"op":"u","a":1,"b":"y"}""",
            """{"op":"d","a":null,"b":null}""");
    }
}
