using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>A last column that was dropped and added again stands under its old name in its old place, and is another column.</summary>
public class ReplacedColumnTests(SharedServer shared)
{
    [Theory]
    [InlineData("float8")]
    [InlineData("int")]
    public async Task Column_dropped_and_added_while_the_source_was_stopped_is_read_by_its_new_number(string type)
    {
        var database = await shared.CreateAsync();
        await using var source = await ReadAsync(database);
        await source.CloseAsync();
        await database.ExecuteAsync($"INSERT INTO item VALUES (2, 'before', 2); ALTER TABLE item DROP COLUMN extra, ADD COLUMN extra {type}; INSERT INTO item VALUES (3, 'after', 3)");

        await ReopenAsync(source, database);
        await source.ReadToEndAsync();

        Assert.Contains("3,after,3", WideSchema.Fold(source.Changes));
        await AssertReadAfterRestartAsync(source, database);
    }

    [Theory]
    [InlineData("float8")]
    [InlineData("int")]
    public async Task Column_dropped_and_added_while_the_source_runs_is_read_after_a_restart(string type)
    {
        var database = await shared.CreateAsync();
        await using var source = await ReadAsync(database);
        await ReopenAsync(source, database, Boundedness.Continuous);
        await database.ExecuteAsync($"ALTER TABLE item DROP COLUMN extra, ADD COLUMN extra {type}; INSERT INTO item VALUES (3, 'after', 3)");
        await source.ReadUntilAsync(() => source.Changes.Count >= 2);
        await source.CloseAsync();

        await AssertReadAfterRestartAsync(source, database);
    }

    private static async Task AssertReadAfterRestartAsync(SourceHarness<Wide, WideCodec> source, TestDatabase database)
    {
        await database.ExecuteAsync("INSERT INTO item VALUES (4, 'later', 4)");
        await ReopenAsync(source, database);
        await source.ReadToEndAsync();

        Assert.Contains("3,after,3", WideSchema.Fold(source.Changes));
        Assert.Contains("4,later,4", WideSchema.Fold(source.Changes));
    }

    private static async Task<SourceHarness<Wide, WideCodec>> ReadAsync(TestDatabase database)
    {
        await database.ExecuteAsync("CREATE TABLE item (id bigint PRIMARY KEY, name text, extra float8); INSERT INTO item VALUES (1, 'one', 1)");
        var source = new SourceHarness<Wide, WideCodec>(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name });
        await source.OpenAsync(boundedness: Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();
        return source;
    }

    private static async Task ReopenAsync(SourceHarness<Wide, WideCodec> source, TestDatabase database, Boundedness boundedness = Boundedness.UntilCaughtUp)
    {
        await source.CloseAsync();
        await database.SlotIsFreeAsync(database.Name);
        await source.OpenAsync(source.LastState, boundedness);
    }
}
