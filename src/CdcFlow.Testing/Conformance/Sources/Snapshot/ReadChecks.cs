using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.Testing.Conformance.Sources.Playing;

namespace CdcFlow.Testing.Conformance.Sources.Snapshot;

/// <summary>Tables that nobody writes to are read.</summary>
internal static class ReadChecks
{
    public static async Task OnceEach(SourcePlay play)
    {
        play.Tables = [StandTable.Accounts, StandTable.Places];
        await new AccountWriter(play, seed: 1).FillAsync(30);
        await play.WriteAsync([.. Enumerable.Range(1, 10).Select(number => Write.Insert(new Place("north", number, $"place {number}")))]);
        await play.FinishAsync("After the tables were read");
        var other = play.Downstream.Changes.FirstOrDefault(change => change.Operation != Operation.SnapshotRead);
        Findings.Require(other is null, () => $"{other} came, and the row was there before the source began: it is to come as a read.");
    }

    public static async Task EmptyAndSingle(SourcePlay play)
    {
        play.Tables = [StandTable.Accounts, StandTable.Places];
        await play.WriteAsync(Write.Insert(new Place("north", 1, "alone")));
        await play.FinishAsync("After an empty table and one with a single row were read");
        await play.WriteAsync(Write.Insert(new Account(1, "Ada", 1m, null)), Write.Insert(new Place("south", 2, "second")));
        await play.FinishAsync("After each got a row");
    }

    public static async Task CompositeKeys(SourcePlay play)
    {
        string[] regions = ["", " ", "A", "a", "Ä", "ä", "B", "a b", "a'b", "a\"b", "a\\b", "a\nb", "%", "_", "日本", "zz", "Z"];
        play.Tables = [StandTable.Places];
        await play.WriteAsync([.. from region in regions from number in (int[])[int.MinValue, -1, 0, 7, int.MaxValue] select Write.Insert(new Place(region, number, "first"))]);
        await using (var process = await play.OpenAsync())
        {
            for (var step = 0; process.IsInSnapshot; step++)
            {
                await process.ReadAsync();
                var row = new Place(regions[step * 5 % regions.Length], step % 2 == 0 ? 0 : -1, "first");
                if (step < regions.Length)
                {
                    await play.WriteAsync(Write.Update(row, row with { Value = $"changed at step {step}" }));
                }
            }
        }

        await play.FinishAsync("After a table with a composite key was read while it changed");
    }

    public static async Task LargeRows(SourcePlay play)
    {
        const int rows = 40;
        var note = new string('x', 64 << 10);
        play.BudgetBytes = 1 << 20;
        await play.WriteAsync([.. Enumerable.Range(1, rows).Select(number => Write.Insert(new Account(number, "large", number, $"{number} {note}")))]);
        await play.FinishAsync("After rows of more bytes than the budget were read");
    }

    public static async Task Progress(SourcePlay play)
    {
        await new AccountWriter(play, seed: 2).FillAsync(30);
        await using var process = await play.OpenAsync();
        var last = 0L;
        var wasComplete = false;
        while (process.IsInSnapshot)
        {
            await process.ReadAsync();
            Observe();
        }

        Observe();
        Findings.Require(wasComplete && last == 30, () => $"A table of 30 rows was read, and progress says {last} rows{(wasComplete ? "" : ", and not that it is complete")}.");

        void Observe()
        {
            foreach (var table in process.Progress.Tables)
            {
                Findings.Require(table.Rows >= last, () => $"Progress went from {last} rows to {table.Rows}.");
                Findings.Require(table.EstimatedRows is null or >= 0, () => $"The estimate of a table's rows is {table.EstimatedRows}.");
                Findings.Require(table.IsComplete || !wasComplete, () => "A table was complete in the progress, and then it was not.");
                (last, wasComplete) = (table.Rows, table.IsComplete);
            }
        }
    }
}
