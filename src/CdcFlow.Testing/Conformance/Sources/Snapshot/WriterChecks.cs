using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.Testing.Conformance.Sources.Playing;

namespace CdcFlow.Testing.Conformance.Sources.Snapshot;

/// <summary>Tables change while they are read.</summary>
internal static class WriterChecks
{
    public static async Task RandomChanges(SourcePlay play)
    {
        var writer = new AccountWriter(play, seed: 3);
        await writer.FillAsync(80);
        await using (var process = await play.OpenAsync())
        {
            while (process.IsInSnapshot)
            {
                await process.ReadAsync();
                await writer.WriteAsync();
            }
        }

        await play.FinishAsync("After a table was read under a writer");
    }

    /// <summary>Keys go from what is read to what is not and back, one after the other and in one transaction, and into a key that was just deleted.</summary>
    public static async Task MovingKeys(SourcePlay play)
    {
        const int rows = 40;
        var accounts = Enumerable.Range(1, rows).Select(number => new Account(number * 10, $"owner {number}", number, null)).ToArray();
        await play.WriteAsync([.. accounts.Select(Write.Insert)]);
        await using (var process = await play.OpenAsync())
        {
            for (var step = 0; process.IsInSnapshot; step++)
            {
                await process.ReadAsync();
                if (step < rows / 4)
                {
                    await play.WriteAsync(Moves(accounts[step], accounts[^(step + 1)], accounts[(rows / 2) + step]));
                }
            }
        }

        await play.FinishAsync("After keys moved while the table was read");
    }

    public static async Task Truncates(SourcePlay play)
    {
        await new AccountWriter(play, seed: 4).FillAsync(40);
        await using (var process = await play.OpenAsync())
        {
            for (var step = 0; process.IsInSnapshot; step++)
            {
                // The source may hold the table until its rounds are taken.
                var writing = step is 1 or 2
                    ? play.WriteAsync(Write.Truncate<Account>(), Write.Insert(new Account(2, "after", step, null)), Write.Insert(new Account(1000 + step, "after", step, null)))
                    : Task.CompletedTask;
                await process.ReadAsync();
                await writing;
            }
        }

        await play.WriteAsync(Write.Insert(new Account(9, "before the last", 1, null)), Write.Truncate<Account>(), Write.Insert(new Account(9, "after the last", 2, null)));
        await play.FinishAsync("After the table was emptied while it was read and once more");
        Findings.Require(play.Downstream.Changes.Any(change => change.Operation == Operation.Truncate), () => "The table was truncated after it was read, and no truncate came.");
    }

    /// <summary>The log has a commit before any reader sees it: who takes the log's place and then reads the table misses its rows.</summary>
    public static async Task StalledCommits(SourcePlay play)
    {
        var writer = new AccountWriter(play, seed: 5);
        await writer.FillAsync(80);
        await using (var process = await play.OpenAsync())
        {
            while (process.IsInSnapshot)
            {
                Task<bool> round;
                await using (await play.Stand.DelayVisibilityAsync(play.Cancellation))
                {
                    await writer.WriteAsync();
                    round = process.ReadAsync();
                }

                await round;
            }
        }

        await play.FinishAsync("After commits stalled while the table was read");
    }

    /// <summary>A commit that lies before the place where the log begins, and that nobody sees when the tables are read: the log will never tell it.</summary>
    public static async Task StalledBeforeTheLog(SourcePlay play)
    {
        const int looks = 50;
        var writer = new AccountWriter(play, seed: 17);
        await writer.FillAsync(20);
        Task<SourceProcess> opening;
        await using (await play.Stand.DelayVisibilityAsync(play.Cancellation))
        {
            await writer.WriteAsync();
            opening = play.OpenAsync();
            for (var look = 0; look < looks && !opening.IsCompleted; look++)
            {
                await play.Stand.ReadAsync(StandTable.Accounts, play.Cancellation); // it opens meanwhile, or waits
            }
        }

        await using (var process = await opening)
        {
            await process.ReadAsync();
        }

        await play.FinishAsync("After a commit stalled while the source opened for the first time");
    }

    private static IReadOnlyList<RowOperation> Moves(Account low, Account high, Account middle)
    {
        var (lowAtHigh, lowMoved) = (low with { Id = high.Id + 1 }, low with { Id = high.Id + 2 });
        var highAtLow = high with { Id = low.Id };
        return
        [
            Write.Update(low, lowAtHigh), Write.Update(lowAtHigh, lowMoved), // a chain, away from what is read
            Write.Update(high, highAtLow), // into the key that was just left
            Write.Delete(middle), Write.Insert(middle with { Owner = "again" }),
        ];
    }
}
