using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests.Cases;

[Report("apache/flink-cdc", "FLINK-39748", "Old timestamps moved by days and minutes in the snapshot, by the calendar and zone of the reader.")]
[Report("PeerDB-io/peerdb", "#2914", "The snapshot moved timestamps by seven hours; the stream did not.")]
[Report("drasi-project/drasi-core", "#458", "The short offsets of the stream's timestamps could not be parsed, and the changes were dropped.")]
[Report("risingwavelabs/risingwave", "#14766", "Timestamps of the year 1 came wrong with a zone.")]
[Report("debezium", "DBZ-578", "Timestamps without a zone were read in the reader's zone.")]
public sealed partial class HistoricTimestamps : Case<HistoricTimestamps.Pipeline>
{
    private const string Rows =
        """
        (1, '0001-01-01', '0001-01-01 00:00+00', '0001-01-01'), (2, '1582-10-10 12:00', '1582-10-10 12:00+00', '1582-10-10'),
        (3, '1900-12-31 23:59:59.999999', '1900-12-31 23:59:59.999999+08:05:43', '1900-01-01'), (4, '2024-03-31 02:30', '2024-03-31 01:30+00', '9999-12-31')
        """;

    [Table("t")]
    public sealed record Row([property: Key] long Id, DateTime Local, DateTimeOffset Moment, DateOnly Day);

    [CdcPipeline("historic")]
    public sealed partial class Pipeline
    {
        [PostgresSource("source"), PostgresSink("sink")]
        public partial Changes<Row> Rows { get; }
    }

    [Fact]
    public async Task Come_unmoved_whatever_the_zone_of_the_database()
    {
        await SourceAsync($"CREATE TABLE t (id bigint PRIMARY KEY, local timestamp, moment timestamptz, day date); INSERT INTO t VALUES {Rows};");
        await SourceAsync($"ALTER DATABASE {Name} SET timezone = 'Asia/Shanghai'; ALTER DATABASE {Name} SET datestyle = 'SQL, DMY'");
        await RunAsync();
        await SourceAsync("INSERT INTO t SELECT id + 10, local, moment, day FROM t");
        await RunAsync();
        await SourceAsync($"ALTER DATABASE {Name} RESET timezone; ALTER DATABASE {Name} RESET datestyle");
        await SameAsync();
    }
}
