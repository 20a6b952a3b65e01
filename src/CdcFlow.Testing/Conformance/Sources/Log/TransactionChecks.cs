using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.Testing.Conformance.Sources.Playing;

namespace CdcFlow.Testing.Conformance.Sources.Log;

/// <summary>What becomes of transactions.</summary>
internal static class TransactionChecks
{
    private const int LargeRows = 300;

    public static async Task LargerThanBudget(SourcePlay play)
    {
        var note = new string('x', 8 << 10);
        play.BudgetBytes = 1 << 20;
        await using (var process = await play.OpenStreamingAsync())
        {
            await play.WriteAsync([.. Enumerable.Range(1, LargeRows).Select(number => Write.Insert(new Account(number, "large", number, $"{number} {note}")))]);
            await process.ReadToMarkAsync();
        }

        // Not each, where there are many: the first, the last, and some inside.
        var rounds = play.Downstream.Rounds.Count;
        for (var round = 0; round < rounds; round += Math.Max(1, rounds / 6))
        {
            await play.FinishFromAsync(round, $"After a restart from the state of round {round + 1} of {rounds}, of a transaction larger than the budget");
        }

        await play.FinishAsync("After a transaction larger than the budget");
    }

    public static async Task RolledBack(SourcePlay play)
    {
        await play.WriteAsync(Write.Insert(new Account(1, "Ada", 1m, null)));
        await using var process = await play.OpenStreamingAsync();
        await play.Stand.RollBackAsync(
            [Write.Insert(new Account(2, "never", 0m, null)), Write.Delete(new Account(1, "Ada", 1m, null))], play.Cancellation);
        await play.WriteAsync(Write.Insert(new Account(3, "Cy", 3m, null)));
        await process.ReadToMarkAsync();
        await play.RequireTablesAsync("After work that was rolled back");
    }

    public static async Task SeveralTables(SourcePlay play)
    {
        const int transactions = 20;
        play.Tables = [StandTable.Accounts, StandTable.Places];
        await using var process = await play.OpenStreamingAsync();
        for (var number = 1; number <= transactions; number++)
        {
            await play.WriteAsync(
                Write.Insert(new Account(number, "both", number, null)), Write.Insert(new Place("both", number, "one")),
                Write.Update(new Account(number, "both", number, null), new Account(number, "both", -number, null)));
        }

        await process.ReadToMarkAsync();
        await play.RequireTablesAsync("After transactions on two tables");
        var torn = play.Downstream.Changes.GroupBy(change => change.Offset.Transaction).FirstOrDefault(transaction => transaction.DistinctBy(change => change.Round).Count() > 1);
        Findings.Require(torn is null, () => $"The changes of one small transaction came in several rounds: {string.Join(", ", torn!)}.");
    }

    public static async Task OtherTables(SourcePlay play)
    {
        await play.WriteAsync(Write.Insert(new Account(1, "Ada", 1m, null)));
        await play.FinishAsync("After the table was read");
        for (var number = 1; number <= 20; number++)
        {
            await play.WriteAsync(Write.Insert(new Place("unread", number, "one")));
        }

        await play.FinishAsync("After only other tables changed");
        Findings.Require(play.Downstream.All.Count == 1, () => $"Only other tables changed, and {play.Downstream.All.Count - 1} elements came.");
    }
}
