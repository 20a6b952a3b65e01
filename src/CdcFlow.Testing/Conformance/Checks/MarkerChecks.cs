using CdcFlow.Checkpoints;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Testing.Conformance.Checks;

/// <summary>Whose the sink is: what a start learns before it touches anything, and what one by mistake may not do.</summary>
internal static class MarkerChecks
{
    private static readonly StoreId other = new(new Guid("0ddba115-0000-4000-8000-000000000002"));
    private static readonly Account ada = new(1, "Ada", 10.50m, null);
    private static readonly Account bob = new(2, "Bob", 20m, "second");

    public static async Task NothingAtFirst(SinkStand stand)
    {
        for (var reading = 0; reading < 2; reading++)
        {
            var found = await SinkProcess.ReadMarkerAsync(stand);
            SinkStand.Require(found is null, () => $"Nobody has ever opened the sink, but its marker says {found}.");
        }

        await using var process = await stand.StartAsync(epoch: 1);
        SinkStand.Require(process.Marker is null, () => $"Nothing was ever committed, but the marker says {process.Marker}.");
    }

    public static async Task SaysWhatOpeningFinds(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        var first = await stand.StartAsync(epoch: 1);
        await ReadsAsync(stand, "After the first opening", SinkConformance.Store, epoch: 1);
        await first.WriteAsync(source.Insert(ada));
        await first.CheckpointAsync(1);
        await first.WriteAsync(source.Insert(bob));
        await first.PrepareAsync(2);
        await first.KillAsync();

        var found = await ReadsAsync(stand, "After a crash", SinkConformance.Store, epoch: 1);
        await using var second = await stand.StartAsync(epoch: 2);
        SinkStand.Require(found.Checkpoint == second.Marker, () => $"The first reading names {found.Checkpoint}, and the opening after it {second.Marker}.");
        await ReadsAsync(stand, "After the second opening", SinkConformance.Store, epoch: 2);
    }

    public static async Task DisturbsNobody(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        await using var process = await stand.StartAsync(epoch: 1);
        await SinkProcess.ReadMarkerAsync(stand);
        await process.WriteAsync(source.Insert(ada));
        await SinkProcess.ReadMarkerAsync(stand);
        var permit = await process.PrepareAsync(1);
        await SinkProcess.ReadMarkerAsync(stand);
        await process.CommitAsync(permit);
        await SinkProcess.ReadMarkerAsync(stand);
        await process.WriteAsync(source.Insert(bob));
        await process.CheckpointAsync(2);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After readings in between", ada, bob);
        await stand.CountsAsync(SinkProcess.Accounts, "After readings in between", 2);
    }

    public static async Task AnotherStoreIsRefused(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        await using var owner = await stand.StartAsync(epoch: 1);
        await owner.WriteAsync(source.Insert(ada));
        var permit = await owner.PrepareAsync(1);
        await SinkStand.IsFencedAsync("Opening for another store", async () => await (await SinkProcess.StartAsync(stand, epoch: 9, other)).DisposeAsync());
        await owner.CommitAsync(permit);
        await owner.WriteAsync(source.Insert(bob));
        await owner.CheckpointAsync(2);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After a start by mistake", ada, bob);
        await ReadsAsync(stand, "After a start by mistake", SinkConformance.Store, epoch: 1);
    }

    public static async Task ReplacedOwnerIsFenced(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        await using var owner = await stand.StartAsync(epoch: 1);
        await owner.WriteAsync(source.Insert(ada with { Note = "older" }));
        var permit = await owner.PrepareAsync(1);
        await using var successor = await SinkProcess.StartAsync(stand, epoch: 9, other, SinkConformance.Store);
        await SinkStand.IsFencedAsync("The replaced owner's commit", () => owner.CommitAsync(permit));
        await owner.DisposeAsync(); // its locks go with it, where there are any
        await ReadsAsync(stand, "After the owner was replaced", other, epoch: 9);
        await successor.WriteAsync(source.Insert(ada), source.Insert(bob));
        await successor.CheckpointAsync(3);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After the successor's commit", ada, bob);
        await SinkStand.IsFencedAsync("Opening for the replaced owner", async () => await (await stand.StartAsync(epoch: 10)).DisposeAsync());
    }

    private static async Task<SinkMarker> ReadsAsync(SinkStand stand, string moment, StoreId store, long epoch)
    {
        var found = await SinkProcess.ReadMarkerAsync(stand);
        SinkStand.Require(
            found?.Store == store && found.Epoch.Value == epoch,
            () => $"{moment}, a first reading should find store {store} and epoch {epoch}, and finds {(found is null ? "nothing" : $"store {found.Store} and epoch {found.Epoch}")}.");
        return found!;
    }
}
