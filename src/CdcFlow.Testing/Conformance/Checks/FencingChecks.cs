using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Testing.Conformance.Checks;

/// <summary>An instance that was paused wakes after its successor has begun.</summary>
internal static class FencingChecks
{
    private static readonly Account ada = new(1, "Ada", 10.50m, null);
    private static readonly Account bob = new(2, "Bob", 20m, "second");

    public static async Task OlderCannotCommit(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        await using var older = await stand.StartAsync(epoch: 1);
        await older.WriteAsync(source.Insert(ada));
        var permit = await older.PrepareAsync(1);
        await using var newer = await stand.StartAsync(epoch: 2);
        await SinkStand.IsFencedAsync("The older instance's commit", () => older.CommitAsync(permit));
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After the older instance tried to commit");
        SinkStand.Require(newer.Marker is null, () => $"Nothing was committed, but the marker says {newer.Marker}.");
    }

    public static async Task OlderCannotOpen(SinkStand stand)
    {
        await using var newer = await stand.StartAsync(epoch: 3);
        await SinkStand.IsFencedAsync("Opening with an older epoch", async () => await (await stand.StartAsync(epoch: 2)).DisposeAsync());
    }

    public static async Task OlderDoesNoHarm(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        await using var older = await stand.StartAsync(epoch: 1);
        await older.WriteAsync(source.Insert(ada with { Note = "older" }));
        await older.PrepareAsync(1); // its checkpoint never becomes durable: the store knows the newer epoch

        await using var newer = await stand.StartAsync(epoch: 2);
        await older.DisposeAsync(); // its locks go with it, where there are any
        await newer.WriteAsync(source.Insert(ada), source.Insert(bob));
        await newer.CheckpointAsync(1);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After the newer instance's commit", ada, bob);
        await stand.CountsAsync(SinkProcess.Accounts, "After the newer instance's commit", 2);
    }
}
