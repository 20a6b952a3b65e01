namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Rows that are larger than any may be.</summary>
public class LargeRowTests(SharedServer shared)
{
    [Theory, Trait("WayOut", "CDCF4019")]
    [InlineData("PRIMARY KEY (id)", false)]
    [InlineData("UNIQUE (id)", false)]
    [InlineData("PRIMARY KEY (id)", true)]
    public async Task Row_larger_than_any_may_be_stops_with_its_table_and_size_and_a_larger_limit_lets_it_through(string constraint, bool inTheLog)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"CREATE TABLE item (id bigint, name text, version bigint NOT NULL, {constraint}); ALTER TABLE item REPLICA IDENTITY FULL; ALTER TABLE item ALTER name SET STORAGE EXTERNAL");
        await using var source = new SourceHarness<Item, ItemCodec>(
            database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, RowBytesMax = 2 << 20 });
        const string insert = "INSERT INTO item VALUES (1, repeat('x', 3000000), 1)";
        if (inTheLog)
        {
            await source.OpenAsync();
            await source.ReadUntilAsync(() => source.HasWholeSnapshot);
            await database.ExecuteAsync(insert);
        }
        else
        {
            await database.ExecuteAsync(insert);
            await source.OpenAsync();
        }

        var error = await Assert.ThrowsAsync<CdcFlowException>(() => source.ReadUntilAsync(() => false));

        Assert.Equal(PostgresWireErrorCodes.RowTooLarge, error.Code);
        Assert.Contains("of table public.item is 3,000,", error.Message, StringComparison.Ordinal);
        var wayOut = error.Fix![..error.Fix!.IndexOf(" or more", StringComparison.Ordinal)].Split(" = ");
        source.Configuration[wayOut[0].Split(' ')[^1]] = wayOut[1];
        var state = source.LastState;
        await source.CloseAsync();
        await source.OpenAsync(state);
        await source.ReadUntilAsync(() => source.Changes.Exists(change => change.After?.Name?.Length == 3_000_000));
    }
}
