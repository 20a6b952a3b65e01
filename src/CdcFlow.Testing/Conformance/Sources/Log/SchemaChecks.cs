using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.Testing.Conformance.Sources.Playing;

namespace CdcFlow.Testing.Conformance.Sources.Log;

/// <summary>A table changes its columns while it is followed.</summary>
internal static class SchemaChecks
{
    private const string Column = "extra";

    public static async Task AddedColumn(SourcePlay play)
    {
        await using (var process = await play.OpenStreamingAsync())
        {
            await play.WriteAsync(Write.Insert(new Account(1, "before", 1m, null)));
            await process.ReadUntilAsync("a change", () => play.Downstream.Changes.Any());
            await play.Stand.AddColumnAsync(StandTable.Accounts, Column, play.Cancellation);
            await play.WriteAsync(Write.Insert(new Account(2, "after", 2m, null)));
            await play.WriteAsync(Write.Insert(new Account(3, "after", 3m, null)));
            await process.ReadToMarkAsync();
        }

        await play.WriteAsync(Write.Insert(new Account(4, "after a restart", 4m, null)));
        await play.FinishAsync("After a column was added");
        RequireToldOnce(play.Downstream);
    }

    private static void RequireToldOnce(Downstream downstream)
    {
        var told = downstream.All.Select((seen, index) => (Seen: seen, Index: index)).Where(element => element.Seen is SeenSchema schema && IsAdded(schema)).ToList();
        Findings.Require(told.Count == 1, () => $"A column was added, and that was told {told.Count} times.");
        var keys = downstream.All.Take(told[0].Index).OfType<SeenChange>().Select(change => (long)change.Key!).ToList();
        Findings.Require(keys is [1], () => $"A new column is told before the first row that has it and after all that do not; it was told after the rows {string.Join(", ", keys)} instead of 1.");
    }

    private static bool IsAdded(SeenSchema schema) => Has(schema.Change.After) && !Has(schema.Change.Before);

    private static bool Has(TableSchema table) => table.Columns.Any(column => column.Name == Column);
}
