using System.Text.RegularExpressions;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>What every test of a way out does: the start fails, and fails again; then what the message says is done, and the pipeline goes on to what the table has.
/// Where the start fails before a row is read, the checks before it have failed with the same code.</summary>
/// <remarks>Reported of others: checks that pass, and then a start that fails for a right that is lacking (airbytehq/airbyte#18161), for a slot of another database (estuary/connectors#779), for one that
/// has lost its log or was made anew (estuary/connectors#1679, #1653), or with advice that leads nowhere (PostHog/posthog#71095).</remarks>
internal static partial class WayOut
{
    internal const string CreateItem = "CREATE TABLE item (id bigint PRIMARY KEY, name text, version bigint NOT NULL);";

    /// <summary>A source of the table that is not opened yet.</summary>
    internal static SourceHarness<Item, ItemCodec> ItemsOf(TestDatabase database, string? publication = null) => Of<Item, ItemCodec>(database, publication);

    /// <inheritdoc cref="ItemsOf"/>
    internal static SourceHarness<T, TCodec> Of<T, TCodec>(TestDatabase database, string? publication = null)
        where T : class
        where TCodec : struct, IRowCodec<T> =>
        new(database.ConnectionString, new PostgresSourceAttribute("shop") { Slot = database.Name, Publication = publication });

    /// <summary>A source of the table that has read all of it.</summary>
    internal static async Task<SourceHarness<Item, ItemCodec>> FinishedAsync(TestDatabase database, string? publication = null)
    {
        var source = ItemsOf(database, publication);
        await source.RunAsync();
        return source;
    }

    /// <summary>Runs on from the last checkpoint to the end of what is there.</summary>
    internal static async Task RunAsync<T, TCodec>(this SourceHarness<T, TCodec> source)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        await source.OpenAsync(source.LastState, Boundedness.UntilCaughtUp);
        await source.ReadToEndAsync();
        await source.CloseAsync();
    }

    /// <summary>Runs on from the last checkpoint twice, each of which stops with the code.</summary>
    internal static async Task<CdcFlowException> StopsTwiceAsync<T, TCodec>(this SourceHarness<T, TCodec> source, string code)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        var first = await StopsAsync(source);
        var again = await StopsAsync(source);
        Assert.True((first.Code, again.Code) == (code, code), $"{code} was to stop it twice, and not {first}, {again}");
        return again;
    }

    /// <summary>Does what <c>run --resnapshot</c> with these words does.</summary>
    internal static async Task RunResnapshotAsync<T, TCodec>(this SourceHarness<T, TCodec> source, params string[] words)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        const string lost = "lost";
        source.Resnapshot = new ResnapshotRequest(Guid.NewGuid().ToString(), [.. words.Where(word => word != lost)], words.Contains(lost));
        await source.RunAsync();
        source.Resnapshot = null;
    }

    /// <summary>Downstream has what the table has, and goes on with it.</summary>
    internal static async Task AssertGoesOnAsync(this SourceHarness<Item, ItemCodec> source, TestDatabase database, string table = "item")
    {
        await database.ExecuteAsync($"INSERT INTO {table} (id, name, version) VALUES (900001, 'last', 1)");
        await source.RunAsync();
        Fold.OfLastRead(source.Changes).AssertIs(await Fold.TableAsync(database, table));
    }

    /// <summary>Runs every statement that stands in an advice.</summary>
    internal static async Task TakeSqlAsync(this TestDatabase database, string advice)
    {
        var statements = Statement().Matches(advice);
        Assert.NotEmpty(statements);
        foreach (Match statement in statements)
        {
            await database.ExecuteAsync(statement.Value);
        }
    }

    /// <summary>The place that an advice skips to.</summary>
    internal static string Place(string advice) => SkipTo().Match(advice).Groups[1].Value;

    /// <summary>The place that an advice leaves everything out up to.</summary>
    internal static string LeftOutUpTo(string advice) => LeaveOut().Match(advice).Groups[1].Value;

    internal static async Task<PreflightReport> CheckAsync<T, TCodec>(this SourceHarness<T, TCodec> source)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        await using var connector = source.Connector();
        return await connector.PreflightAsync(source.LastState, TestContext.Current.CancellationToken);
    }

    private static async Task<CdcFlowException> StopsAsync<T, TCodec>(SourceHarness<T, TCodec> source)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        var refusals = await source.RefusalsAsync();
        var hasOpened = false;
        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(async () =>
        {
            await source.OpenAsync(source.LastState, Boundedness.UntilCaughtUp);
            hasOpened = true;
            await source.ReadToEndAsync();
        });
        await source.CloseAsync();

        // Several failures have a code of their own. Who holds the slot may let it go, which a start waits for; what an event trigger says, only a statement that makes something tells.
        var codes = string.Join(", ", refusals.Select(check => check.Code));
        Assert.True(
            hasOpened ? refusals.Count == 0 : refusals.Count > 1 && error.Code == PostgresSourceErrorCodes.Preflight || refusals.Any(check => check.Code == error.Code) || error.Code is PostgresSourceErrorCodes.SlotActive or PostgresWireErrorCodes.EndlessAnswer,
            $"The source {(hasOpened ? "opened, and stopped later" : "did not open")} with {error}; the checks before refuse it with [{codes}].");
        return error;
    }

    /// <summary>What the checks before a start refuse it with.</summary>
    internal static async Task<IReadOnlyList<PreflightCheck>> RefusalsAsync<T, TCodec>(this SourceHarness<T, TCodec> source)
        where T : class
        where TCodec : struct, IRowCodec<T> =>
        [.. (await source.ChecksAsync()).Where(check => check.Status == PreflightStatus.Failed)];

    [GeneratedRegex(@"(?:BEGIN; .* COMMIT;|(?:ALTER|GRANT|CREATE PUBLICATION|SELECT pg_|UPDATE \S+ SET)[^;…]*;)")]
    private static partial Regex Statement();

    [GeneratedRegex("run --skip-to shop=([0-9A-F]+/[0-9A-F]+)")]
    private static partial Regex SkipTo();

    [GeneratedRegex("`skip --to shop=([0-9A-F]+/[0-9A-F]+)`")]
    private static partial Regex LeaveOut();
}
