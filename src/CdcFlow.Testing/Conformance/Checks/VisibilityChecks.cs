using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Testing.Conformance.Checks;

/// <summary>When readers see what.</summary>
internal static class VisibilityChecks
{
    private static readonly Account ada = new(1, "Ada", 10.50m, null);
    private static readonly Account bob = new(2, "Bob", 20m, "second");

    public static async Task NothingBeforeCommit(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        await using var process = await stand.StartAsync(epoch: 1);
        await process.WriteAsync(source.Insert(ada));
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After a write");
        var permit = await process.PrepareAsync(1);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After prepare");
        await process.CommitAsync(permit);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After commit", ada);
    }

    public static async Task CommitShowsWhatWasPrepared(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        await using var process = await stand.StartAsync(epoch: 1);
        await process.WriteAsync(source.Read(ada));
        await process.CheckpointAsync(1);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After the first commit", ada);
        await process.WriteAsync(source.Insert(bob));
        await process.WriteAsync(source.Update(ada with { Balance = 0.01m }));
        await process.CheckpointAsync(2);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After the second commit", ada with { Balance = 0.01m }, bob);
        await stand.CountsAsync(SinkProcess.Accounts, "After the second commit", 3);
    }

    public static async Task SinksTogether(SinkStand stand)
    {
        var place = new Place("north", 1, "A");
        await using var process = await stand.StartAsync(epoch: 1);
        await process.WriteAsync(new Source<Account>("accounts").Insert(ada));
        await process.WriteAsync(new Source<Place>("places").Insert(place));
        var permit = await process.PrepareAsync(1);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After prepare");
        await stand.SeesAsync<Place, PlaceCodec>(SinkProcess.Places, "After prepare");
        await process.CommitAsync(permit);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After commit", ada);
        await stand.SeesAsync<Place, PlaceCodec>(SinkProcess.Places, "After commit", place);
    }

    public static async Task EmptyCheckpoint(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        await using var process = await stand.StartAsync(epoch: 1);
        await process.CheckpointAsync(1);
        await process.WriteAsync(source.Insert(ada));
        await process.CheckpointAsync(2);
        await process.CheckpointAsync(3);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After checkpoints with and without changes", ada);
    }

    public static async Task AbortedCheckpoint(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        await using var process = await stand.StartAsync(epoch: 1);
        await process.WriteAsync(source.Insert(ada));
        await process.PrepareAsync(1); // given up: no permit is ever used
        await process.WriteAsync(source.Insert(bob));
        await process.CheckpointAsync(2);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After the checkpoint that followed an aborted one", ada, bob);
        await stand.CountsAsync(SinkProcess.Accounts, "After the checkpoint that followed an aborted one", 2);
    }

    public static async Task ManyRows(SinkStand stand)
    {
        const int batches = 10, rowsPerBatch = 1000;
        var source = new Source<Account>("accounts");
        await using var process = await stand.StartAsync(epoch: 1);
        var rows = Enumerable.Range(1, batches * rowsPerBatch).Select(id => new Account(id, $"owner {id}", id / 100m, id % 3 == 0 ? null : new string('x', id % 200))).ToList();
        foreach (var batch in rows.Chunk(rowsPerBatch))
        {
            await process.WriteAsync([.. batch.Select(source.Read)]);
        }

        await process.CheckpointAsync(1);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After a large checkpoint", rows);
        await stand.CountsAsync(SinkProcess.Accounts, "After a large checkpoint", rows.Count);
    }
}
