using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests.Cases;

[Report("pingcap/docs-dm", "#224", "Shards that number their rows alike were merged into one table, where one took the other's rows.")]
[Report("PeerDB-io/peerdb", "#4326", "Several sources are meant to come into one table, which a check of destinations refused.")]
[Report("risingwavelabs/risingwave", "#10117", "Two sinks of one table were accepted, and locked each other out.")]
public sealed partial class ShardsInOneTable : Case<ShardsInOneTable.Pipeline>
{
    [Table("north")]
    public sealed record North([property: Key] string Id, string? Value);

    [Table("south")]
    public sealed record South([property: Key] string Id, string? Value);

    [CdcPipeline("shards")]
    public sealed partial class Pipeline
    {
        [PostgresSource("source"), PostgresSink("sink", Name = "from-north", Table = "t")]
        public partial Changes<North> North { get; }

        [PostgresSource("source"), PostgresSink("sink", Name = "from-south", Table = "t")]
        public partial Changes<South> South { get; }
    }

    [Fact, Trait("WayOut", "CDCF2016"), Trait("WayOut", "CDCF5030")]
    public async Task Are_refused_until_each_says_that_it_shares_the_table_and_empties_it_for_nobody()
    {
        await SourceAsync("CREATE TABLE north (id text PRIMARY KEY, value text); CREATE TABLE south (id text PRIMARY KEY, value text); INSERT INTO north VALUES ('n1', 'a'), ('n2', 'b'); INSERT INTO south VALUES ('s1', 'c');");
        await RefusedTwiceAsync("CDCF2016", "Shared = true, or CdcFlow:shards:Sinks:from-north:Shared=true and CdcFlow:shards:Sinks:from-south:Shared=true.");
        Set("Sinks:from-south:Shared", "true");
        await RefusedAsync("CDCF5030", "Truncates of 'from-south' to Ignore, or to Refuse: CdcFlow:shards:Sinks:from-south:Truncates=Ignore.");
        Set("Sinks:from-south:Truncates", "Ignore");
        await RefusedTwiceAsync("CDCF2016", "Sinks 'from-north' and 'from-south' would both write to table");
        Set("Sinks:from-north:Shared", "true");
        await RefusedTwiceAsync("CDCF5030", "CdcFlow:shards:Sinks:from-north:Truncates=Ignore.");
        Set("Sinks:from-north:Truncates", "Ignore");

        await RunAsync();
        await SourceAsync("UPDATE north SET value = 'x' WHERE id = 'n1'; DELETE FROM north WHERE id = 'n2'; INSERT INTO south VALUES ('s2', 'd'); UPDATE south SET id = 's3' WHERE id = 's1';");
        await RunAsync();
        await SameAsync(sourceTable: "(SELECT * FROM north UNION ALL SELECT * FROM south) AS shards");
        await SourceAsync("TRUNCATE south");
        await RunAsync();
        await SameAsync(sourceTable: "(SELECT * FROM north UNION ALL VALUES ('s2', 'd'), ('s3', 'c')) AS shards");
    }
}
