using System.Text.Json.Nodes;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Checkpoints of CdcFlow 0.1 go on: what they lack is taken from the server, and said.</summary>
public class EarlierStateTests(SharedServer shared)
{
    [Fact]
    public async Task Checkpoint_of_0_1_goes_on_with_the_identities_of_the_server()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL); INSERT INTO item VALUES (1, 'one', 1)");
        await using var source = new SourceHarness<Item, ItemCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name });
        await source.OpenAsync(boundedness: Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();
        await source.CloseAsync();
        await database.ExecuteAsync("UPDATE item SET version = 2");

        await source.OpenAsync(Version1Of(source.LastState!.Value), Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();

        Fold.Of(source.Changes).AssertIs(await Fold.TableAsync(database));
        Assert.Empty(source.SchemaChanges);
        Assert.Single(source.Log.Lines, line => line.StartsWith(PostgresSourceErrorCodes.StateCompleted, StringComparison.Ordinal));
        var state = PostgresSourceState.Read(source.LastState!.Value);
        var oid = (await database.QueryAsync("SELECT 'item'::regclass::oid"))[0][0];
        var schema = state.Schemas[new TableId("public", "item")];
        Assert.Equal((oid, "1", "20", false, true), (schema.Identity, schema.Columns[0].Identity, schema.Columns[0].TypeIdentity, schema.Columns[0].IsNullable, schema.Columns[0].IsKey));
        Assert.NotNull(state.Publication);
        Assert.NotNull(state.Tables[0].Published);

        await source.CloseAsync();
        source.Log.Lines.Clear();
        await source.OpenAsync(source.LastState, Boundedness.UntilCaughtUp);
        Assert.DoesNotContain(source.Log.Lines, line => line.StartsWith(PostgresSourceErrorCodes.StateCompleted, StringComparison.Ordinal));
    }

    /// <summary>The same state as 0.1 would have written it.</summary>
    internal static System.Text.Json.JsonElement Version1Of(System.Text.Json.JsonElement state)
    {
        var json = JsonNode.Parse(state.GetRawText())!.AsObject();
        json["version"] = 1;
        json.Remove("publication");
        foreach (var table in json["tables"]!.AsArray().Select(table => table!.AsObject()))
        {
            table.Remove("published");
            table.Remove("identity");
            table["columns"] = new JsonArray([.. table["columns"]!.AsArray().Select(column => JsonValue.Create($"{column!["name"]} {column["type"]}"))]);
        }

        return System.Text.Json.JsonDocument.Parse(json.ToJsonString()).RootElement;
    }
}
