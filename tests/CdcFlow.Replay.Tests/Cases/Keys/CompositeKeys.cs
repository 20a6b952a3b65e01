using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests.Cases;

[Report("debezium", "DBZ-5071", "Chunks along a key of several columns were slow, or left rows out.")]
public sealed partial class CompositeKeys : CopyCase<CompositeKeys.Pipeline>
{
    [Table("t")]
    public sealed record Row([property: Key] string Tenant, [property: Key] int Number, [property: Key] Guid Unit, string? Value);

    [CdcPipeline("composite")]
    public sealed partial class Pipeline
    {
        [PostgresSource("source", ChunkRows = 100), PostgresSink("sink")]
        public partial Changes<Row> Rows { get; }
    }

    protected override string Before =>
        """
        CREATE TABLE t (value text, unit uuid, tenant text, number int, PRIMARY KEY (number, tenant, unit));
        INSERT INTO t SELECT n, md5((n % 5)::text)::uuid, 'tenant' || n % 3, n / 15 FROM generate_series(1, 1500) n;
        """;

    protected override string[] Changes =>
    [
        "UPDATE t SET value = 'x' WHERE tenant = 'tenant1' AND number % 2 = 0",
        "DELETE FROM t WHERE number BETWEEN 20 AND 30",
        "UPDATE t SET tenant = 'moved' || tenant WHERE number > 90",
    ];
}
