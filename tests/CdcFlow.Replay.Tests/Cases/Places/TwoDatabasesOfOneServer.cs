using CdcFlow.Files;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests.Cases;

[Report("electric-sql/electric", "#2220", "Two databases of one server wanted one replication slot of the default name.")]
[Report("apache/flink-cdc", "#65", "A second connector could not make its replication slot, because the first had one of the default name.")]
[Report("risingwavelabs/risingwave", "#16553", "Two sources with one slot's name both passed validation, and one failed when it ran.")]
[Report("estuary/connectors", "#779", "A slot of the name was there, in another database, and validation did not say so.")]
[Report("estuary/connectors", "#331", "Two captures of one database failed over the slot of the default name.")]
public sealed partial class TwoDatabasesOfOneServer : Case<TwoDatabasesOfOneServer.Pipeline>
{
    [CdcPipeline("two-databases")]
    public sealed partial class Pipeline
    {
        [PostgresSource("source"), FileSink("files", Name = "journal")]
        public partial Changes<Item> Rows { get; }

        [PostgresSource("other"), FileSink("files", Name = "other-journal")]
        public partial Changes<Item> Others { get; }
    }

    [Theory, Trait("WayOut", "CDCF2052")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Are_refused_before_anything_is_made_until_one_slot_has_another_name(bool isOtherDatabase)
    {
        await PrepareAsync(isOtherDatabase);
        var refusal = await RefusedTwiceAsync("CDCF2052", $"'other' would use replication slot '{Name}', as another connection of the pipeline does, and only one can.", "CdcFlow:two-databases:Sources:other:Slot=cdcflow_two_databases_other");
        Assert.Contains(await ValidateAsync(), check => check is { Code: "CDCF2052", Status: Configuration.PreflightStatus.Failed });
        Assert.Empty(await Stage.QueryAsync($"SELECT FROM pg_replication_slots WHERE slot_name LIKE '{Name}%'"));
        await GoesOnAsync(refusal);
    }

    [Fact, Trait("WayOut", "CDCF4046")]
    public async Task Is_refused_where_the_other_has_the_slot_already()
    {
        await PrepareAsync(isOtherDatabase: true);
        await SourceAsync($"SELECT pg_create_logical_replication_slot('{Name}', 'pgoutput')");
        await GoesOnAsync(await RefusedTwiceAsync("CDCF4046", "belongs to database", "CdcFlow:two-databases:Sources:other:Slot=cdcflow_two_databases_other"));
    }

    private async Task PrepareAsync(bool isOtherDatabase)
    {
        const string create = "CREATE TABLE t (id bigint PRIMARY KEY, value text); INSERT INTO t VALUES (1, 'a');";
        await SourceAsync(create);
        SetConnection("other", await Stage.ConnectionToAsync(isOtherDatabase ? create : null));
        Set("Sources:other:Slot", Name);
    }

    // Cases run beside each other, so the slot's name is this one's own, as the first is.
    private async Task GoesOnAsync(string refusal)
    {
        Assert.Contains(":Slot=cdcflow_two_databases_other", refusal, StringComparison.Ordinal);
        Set("Sources:other:Slot", $"{Name}_other");
        await RunAsync();
        await RunAsync();
        await JournalAsync("""{"op":"r","id":1,"value":"a"}""");
        Assert.Equal(["""{"op":"r","id":1,"value":"a"}"""], await Stage.JournalAsync("other-journal"));
    }
}
