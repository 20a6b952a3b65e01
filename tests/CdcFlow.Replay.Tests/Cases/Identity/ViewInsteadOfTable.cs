namespace CdcFlow.Replay.Tests.Cases;

[Report("airbytehq/airbyte", "#2784", "Which relations have changes at all was left to the reader of the documentation.")]
public sealed class ViewInsteadOfTable : Case<Items>
{
    [Fact]
    public async Task Is_refused()
    {
        await SourceAsync("CREATE TABLE base (id bigint PRIMARY KEY, value text); CREATE VIEW t AS SELECT * FROM base;");
        await RefusedAsync("CDCF40", "t");
    }
}
