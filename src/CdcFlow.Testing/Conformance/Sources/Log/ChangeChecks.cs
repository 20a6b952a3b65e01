using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.Testing.Conformance.Sources.Playing;

namespace CdcFlow.Testing.Conformance.Sources.Log;

/// <summary>What becomes of row events.</summary>
internal static class ChangeChecks
{
    private static readonly Account ada = new(1, "Ada", 10.50m, null);
    private static readonly Account bob = new(2, "Bob", 20m, "it's \"quoted\", \\ and, more\nlines");

    public static async Task AsTheyHappened(SourcePlay play)
    {
        await using var process = await play.OpenStreamingAsync();
        await play.WriteAsync(Write.Insert(ada), Write.Insert(bob));
        await play.WriteAsync(Write.Update(ada, ada with { Balance = 11m }), Write.Update(ada with { Balance = 11m }, ada with { Balance = 12m }));
        await play.WriteAsync(Write.Delete(bob), Write.Insert(bob with { Note = null }));
        await play.WriteAsync(Write.Delete(ada with { Balance = 12m }));
        await process.ReadToMarkAsync();
        RequireOperations(
            play,
            (Operation.Insert, 1), (Operation.Insert, 2), (Operation.Update, 1), (Operation.Update, 1), (Operation.Delete, 2), (Operation.Insert, 2), (Operation.Delete, 1));
        await play.RequireTablesAsync("After inserts, updates and deletes");
    }

    public static async Task KeyUpdate(SourcePlay play)
    {
        await using var process = await play.OpenStreamingAsync();
        await play.WriteAsync(Write.Insert(ada));
        await play.WriteAsync(Write.Update(ada, ada with { Id = 7, Balance = 11m }));
        await process.ReadToMarkAsync();
        RequireOperations(play, (Operation.Insert, 1), (Operation.Delete, 1), (Operation.Insert, 7));
        SeenChange[] halves = [.. play.Downstream.Changes.Skip(1).Take(2)];
        Findings.Require(halves[0].Round == halves[1].Round, () => "The two halves of an update of the key came in two rounds.");
        Findings.Require(halves[0].Offset < halves[1].Offset, () => $"The halves of an update of the key came at {halves[0].Offset} and {halves[1].Offset}.");
        await play.RequireTablesAsync("After an update of the key");
    }

    public static async Task LargeUnchanged(SourcePlay play)
    {
        // Text that does not compress: some servers keep it outside the row, and leave it out of the log where it did not change.
        var random = new Random(1);
        var large = ada with { Note = string.Concat(Enumerable.Range(0, 20_000).Select(_ => (char)('!' + random.Next(90)))) };
        await using var process = await play.OpenStreamingAsync();
        await play.WriteAsync(Write.Insert(large));
        await play.WriteAsync(Write.Update(large, large with { Balance = 11m }));
        await play.WriteAsync(Write.Update(large with { Balance = 11m }, large with { Balance = 11m, Note = null }));
        await process.ReadToMarkAsync();
        await play.RequireTablesAsync("After updates that left a large column alone, and one that set it to null");
    }

    public static async Task EveryTypeTwice(SourcePlay play)
    {
        const int fromLog = 100;
        play.Tables = [StandTable.Types];
        await play.WriteAsync([.. EveryTypeRows.All.Select(Write.Insert)]);
        await using (await play.OpenStreamingAsync())
        {
            await play.WriteAsync([.. EveryTypeRows.All.Select(row => Write.Insert(row with { Id = row.Id + fromLog }))]);
        }

        await play.FinishAsync("After values of every type were read and then logged");
        Findings.Require(
            play.Downstream.Changes.All(change => change.Operation == ((long)change.Key! > fromLog ? Operation.Insert : Operation.SnapshotRead)),
            () => "Rows that were there did not come as reads, or later ones not as inserts.");
    }

    private static void RequireOperations(SourcePlay play, params (Operation Operation, long Key)[] expected)
    {
        var came = play.Downstream.Changes.Select(change => (change.Operation, (long)change.Key!)).Where(change => change.Item2 != SourceProcess.Mark).ToList();
        Findings.Require(came.SequenceEqual(expected), () => $"These happened: {string.Join(", ", expected)}. These came: {string.Join(", ", came)}.");
    }
}
