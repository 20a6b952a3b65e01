using CdcFlow.Sources;
using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.Testing.Conformance.Sources.Playing;

namespace CdcFlow.Testing.Conformance.Sources.Snapshot;

/// <summary>A source goes on from what a checkpoint kept of a snapshot.</summary>
internal static class RestartChecks
{
    public static async Task EveryState(SourcePlay play)
    {
        var writer = new AccountWriter(play, seed: 6);
        await writer.FillAsync(24);
        await using (var process = await play.OpenAsync())
        {
            while (process.IsInSnapshot)
            {
                await process.ReadAsync();
                await writer.WriteAsync();
            }
        }

        for (var round = 0; round < play.Downstream.Rounds.Count; round++)
        {
            await play.FinishFromAsync(round, $"After a restart from the state of round {round + 1} of a snapshot");
        }
    }

    public static async Task WithoutState(SourcePlay play)
    {
        var writer = new AccountWriter(play, seed: 7);
        await writer.FillAsync(24);
        await using (var process = await play.OpenAsync())
        {
            await process.ReadAsync();
            await writer.WriteAsync();
        }

        play.Forget();
        await play.FinishAsync("After a crash before the first checkpoint");
    }

    public static async Task AddedTable(SourcePlay play)
    {
        const int rows = 20;
        await new AccountWriter(play, seed: 18).FillAsync(8);
        await play.WriteAsync([.. Enumerable.Range(1, rows).Select(number => Write.Insert(new Place("added", number, "first")))]);
        await play.FinishAsync("Before a table was added");
        await play.KillAsync();
        play.Tables = [StandTable.Accounts, StandTable.Places];
        await using (var process = await play.OpenAsync())
        {
            for (var number = 1; process.IsInSnapshot; number++)
            {
                await process.ReadAsync();
                if (number <= rows)
                {
                    await play.WriteAsync(Write.Update(new Place("added", number, "first"), new Place("added", number, "second")), Write.Insert(new Account(1000 + number, "meanwhile", number, null)));
                }
            }
        }

        await play.FinishAsync("After a table was added to a source with a checkpoint");
    }

    public static async Task ReadAgain(SourcePlay play)
    {
        var writer = new AccountWriter(play, seed: 8);
        await writer.FillAsync(24);
        await play.FinishAsync("After the table was read");
        await using var connector = play.Connect();
        var request = new ResnapshotRequest("again", [.. connector.Tables.Select(table => table.ToString())], Lost: false);
        await writer.WriteAsync();
        await using (var again = await play.OpenAsync(Boundedness.UntilCaughtUp, request))
        {
            await again.ReadToEndAsync();
        }

        await play.RequireTablesAsync("After the table was read again");
        Findings.Require(Truncates(play) == 1, () => $"A table that is read again is emptied once before, and {Truncates(play)} truncates came.");
        await play.KillAsync();
        await using (var repeated = await play.OpenAsync(Boundedness.UntilCaughtUp, request))
        {
            await repeated.ReadToEndAsync();
        }

        await play.RequireTablesAsync("After the same request came again");
        Findings.Require(Truncates(play) == 1, () => "A request that the state has taken was taken again.");
    }

    private static int Truncates(SourcePlay play) => play.Downstream.Changes.Count(change => change.Operation == Operation.Truncate);
}
