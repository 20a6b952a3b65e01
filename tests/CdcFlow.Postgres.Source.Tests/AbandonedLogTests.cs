using CdcFlow.Sources;
using static CdcFlow.Postgres.Source.Tests.WayOut;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Log that nobody can read any more is given up by what the error says.</summary>
public class AbandonedLogTests(SharedServer shared)
{
    [Theory, Trait("WayOut", "CDCF4002")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Log_that_the_server_fails_to_decode_is_left_out_or_left_behind_by_a_new_slot(bool isSkipped)
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

        if (isSkipped)
        {
            var skip = await SkipAndReadAnewAsync(source, error.Fix!, database);
            Assert.Contains("and of which tables, cannot be told: The server does not decode it. ", skip.Sentence, StringComparison.Ordinal);
            Assert.EndsWith("until their tables are read anew: `run --resnapshot public.item`.", skip.Sentence, StringComparison.Ordinal);
        }
        else
        {
            await database.TakeSqlAsync(error.Fix!);
            Assert.Contains("start once with `run --resnapshot lost`", error.Fix, StringComparison.Ordinal);
            await source.RunResnapshotAsync("lost");
        }

        await source.AssertGoesOnAsync(database);
    }

    [Theory, Trait("WayOut", "CDCF4019")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_in_the_log_that_is_too_large_to_be_held_is_made_smaller_and_left_out_or_left_behind(bool isSkipped)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1); ALTER TABLE item ALTER name SET STORAGE EXTERNAL");
        await using var source = await FinishedAsync(database);
        source.Configuration["RowBytesMax"] = (1 << 20).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await database.ExecuteAsync("INSERT INTO item VALUES (2, repeat('x', 2000000), 1)");

        var error = await source.StopsTwiceAsync(PostgresWireErrorCodes.RowTooLarge);

        var which = await database.QueryAsync(error.Fix![error.Fix!.IndexOf("SELECT \"id\"", StringComparison.Ordinal)..].Split(';')[0]);
        await database.ExecuteAsync($"UPDATE item SET name = 'small' WHERE id = {which.Single()[0]}");
        if (isSkipped)
        {
            var skip = await SkipAndReadAnewAsync(source, error.Fix, database);
            Assert.Matches("That is [0-9]+ row events? \\([0-9]+ of public.item\\). Downstream, ", skip.Sentence);
        }
        else
        {
            await database.ExecuteAsync(error.Fix[error.Fix.IndexOf("SELECT pg_drop", StringComparison.Ordinal)..].Split(';')[0]);
            await source.RunResnapshotAsync("lost");
        }

        await source.AssertGoesOnAsync(database);
    }

    /// <summary>Whatever garbles one row does so each time that it is sent.</summary>
    [Theory, Trait("WayOut", "CDCF4004"), Trait("WayOut", "CDCF4010")]
    [InlineData(PostgresWireErrorCodes.Protocol)]
    [InlineData(PostgresWireErrorCodes.UnsupportedLogMessage)]
    public async Task Message_that_is_not_understood_is_left_out_alone(string code)
    {
        var database = await shared.CreateAsync();
        await database.ExecuteAsync($"{CreateItem} INSERT INTO item VALUES (1, 'one', 1)");
        using var relay = new Relay(database.Server, rewrite: Garble).Start();
        await using var source = new SourceHarness<Item, ItemCodec>(relay.ConnectionString(database.Name), new PostgresSourceAttribute("shop") { Slot = database.Name });
        await source.RunAsync();
        await database.ExecuteAsync("INSERT INTO item VALUES (2, 'poison', 1)");
        await database.ExecuteAsync("INSERT INTO item VALUES (5, 'behind it', 1)");

        var error = await source.StopsTwiceAsync(code);
        var skip = await SkipAndReadAnewAsync(source, error.Fix!, database);
        Assert.Contains(source.Changes, change => change.Operation == Operation.Insert && change.Row.Id == 5);
        Assert.Contains(" is left out, of every table. That is 1 row event (1 of public.item). Downstream, ", skip.Sentence, StringComparison.Ordinal);
        await source.AssertGoesOnAsync(database);

        // The kind of the message of the protocol, or of the one of the log that is in it.
        void Garble(Memory<byte> message)
        {
            const int kind = 5;
            const int logged = kind + 25;
            if (message.Span is [(byte)'d', _, _, _, _, (byte)'w', ..] span && span[logged] == 'I' && span.IndexOf("poison"u8) >= 0)
            {
                span[code == PostgresWireErrorCodes.Protocol ? kind : logged] = (byte)'x';
            }
        }
    }

    /// <summary>What is committed before the place of the advice never comes, and what is committed later does.</summary>
    private static async Task<SourceSkip> SkipAndReadAnewAsync(SourceHarness<Item, ItemCodec> source, string advice, TestDatabase database)
    {
        var before = source.Changes.Count;
        var skip = await source.SkipAsync(LeftOutUpTo(advice));
        await database.ExecuteAsync("INSERT INTO item VALUES (4, 'later', 1)");
        await source.RunAsync();
        Assert.DoesNotContain(source.Changes[before..], change => change.Operation == Operation.Insert && change.Row.Id is 2 or 3);
        Assert.Contains(source.Changes[before..], change => change.Operation == Operation.Insert && change.Row.Id == 4);
        Assert.Contains("and for what is missing then `run --resnapshot public.item`. ", advice, StringComparison.Ordinal);
        await source.RunResnapshotAsync("public.item");
        return skip;
    }
}
