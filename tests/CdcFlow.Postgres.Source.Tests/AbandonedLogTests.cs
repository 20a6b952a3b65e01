using static CdcFlow.Postgres.Source.Tests.WayOut;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Log that nobody can read any more is given up by what the error says.</summary>
public class AbandonedLogTests(SharedServer shared)
{
    [Fact, Trait("WayOut", "CDCF4002")]
    public async Task Server_that_fails_to_decode_its_log_is_left_behind_by_a_new_slot()
    {
        var database = await shared.CreateAsync();
        await database.SkipBelowAsync(15, "row filters");
        await database.ExecuteAsync(
            $"{CreateItem} INSERT INTO item VALUES (1, 'one', 1); CREATE TABLE other (id int PRIMARY KEY); "
            + "CREATE PUBLICATION shared FOR TABLE item, other WHERE (100 / id > 0)");
        await using var source = await FinishedAsync(database, "shared");
        await database.ExecuteAsync("DELETE FROM item; INSERT INTO item VALUES (2, 'two', 1)");
        await database.ExecuteAsync("INSERT INTO other VALUES (0); INSERT INTO item VALUES (3, 'three', 1)");
        await source.StopsTwiceAsync(PostgresWireErrorCodes.Server);

        // It was decoded with the publication of its time, so that what is repaired now does not help.
        await database.ExecuteAsync("ALTER PUBLICATION shared DROP TABLE other");
        var error = await source.StopsTwiceAsync(PostgresWireErrorCodes.Server);
        Assert.Contains("22012", error.Message, StringComparison.Ordinal);

        await database.TakeSqlAsync(error.Fix!);
        Assert.Contains("start once with `run --resnapshot lost`", error.Fix, StringComparison.Ordinal);
        await source.RunResnapshotAsync("lost");
        await source.AssertGoesOnAsync(database);
    }

    [Fact, Trait("WayOut", "CDCF4019")]
    public async Task Row_in_the_log_that_is_too_large_to_be_held_is_made_smaller_and_left_behind()
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1); ALTER TABLE item ALTER name SET STORAGE EXTERNAL");
        await using var source = await FinishedAsync(database);
        source.Configuration["RowBytesMax"] = (1 << 20).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await database.ExecuteAsync("INSERT INTO item VALUES (2, repeat('x', 2000000), 1)");

        var error = await source.StopsTwiceAsync(PostgresWireErrorCodes.RowTooLarge);

        var which = await database.QueryAsync(error.Fix![error.Fix!.IndexOf("SELECT \"id\"", StringComparison.Ordinal)..].Split(';')[0]);
        await database.ExecuteAsync($"UPDATE item SET name = 'small' WHERE id = {which.Single()[0]}");
        await database.ExecuteAsync(error.Fix[error.Fix.IndexOf("SELECT pg_drop", StringComparison.Ordinal)..].Split(';')[0]);
        await source.RunResnapshotAsync("lost");
        await source.AssertGoesOnAsync(database);
    }
}
