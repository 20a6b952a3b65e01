using System.Text.RegularExpressions;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>What every test of a way out does: the start fails, and fails again; then what the message says is done, and the pipeline goes on to what the table has.</summary>
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

    internal static async Task<PreflightReport> CheckAsync<T, TCodec>(this SourceHarness<T, TCodec> source)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        await using var connector = source.Connector();
        return await connector.PreflightAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<CdcFlowException> StopsAsync<T, TCodec>(SourceHarness<T, TCodec> source)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(source.RunAsync);
        await source.CloseAsync();
        return error;
    }

    [GeneratedRegex(@"(?:BEGIN; .* COMMIT;|(?:ALTER|GRANT|CREATE PUBLICATION|SELECT pg_|UPDATE \S+ SET)[^;…]*;)")]
    private static partial Regex Statement();

    [GeneratedRegex("run --skip-to shop=([0-9A-F]+/[0-9A-F]+)")]
    private static partial Regex SkipTo();
}
