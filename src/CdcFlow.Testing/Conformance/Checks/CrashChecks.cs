using CdcFlow.Checkpoints;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Testing.Conformance.Checks;

/// <summary>A process dies somewhere, and the next one goes on.</summary>
internal static class CrashChecks
{
    private static readonly Account ada = new(1, "Ada", 10.50m, null);
    private static readonly Account bob = new(2, "Bob", 20m, "second");

    public static Task BeforePrepare(SinkStand stand) => UncommittedIsLost(stand, prepare: false);

    public static Task AfterPrepare(SinkStand stand) => UncommittedIsLost(stand, prepare: true);

    public static async Task CommitByAnother(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        var first = await stand.StartAsync(epoch: 1);
        await first.WriteAsync(source.Insert(ada));
        var permit = await first.PrepareAsync(1);
        await first.KillAsync();

        await using var second = await stand.StartAsync(epoch: 2);
        await second.CommitAsync(permit);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After another process committed", ada);
        await second.WriteAsync(source.Insert(bob));
        await second.CheckpointAsync(2);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After that process's own checkpoint", ada, bob);
        await stand.CountsAsync(SinkProcess.Accounts, "After that process's own checkpoint", 2);
    }

    public static async Task AfterCommit(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        var first = await stand.StartAsync(epoch: 1);
        await first.WriteAsync(source.Insert(ada));
        var permit = await first.CheckpointAsync(1);
        await first.KillAsync();

        await using var second = await stand.StartAsync(epoch: 2);
        await second.CommitAsync(permit); // recovery does not know whether it was done
        await second.WriteAsync(source.Insert(bob));
        await second.CheckpointAsync(2);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After a crash right after commit", ada, bob);
        await stand.CountsAsync(SinkProcess.Accounts, "After a crash right after commit", 2);
    }

    public static async Task CommitTwice(SinkStand stand)
    {
        await using var process = await stand.StartAsync(epoch: 1);
        await process.WriteAsync(new Source<Account>("accounts").Insert(ada));
        var permit = await process.CheckpointAsync(1);
        await process.CommitAsync(permit);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After a commit was repeated", ada);
        await stand.CountsAsync(SinkProcess.Accounts, "After a commit was repeated", 1);
    }

    public static async Task RepeatedWrites(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        Change<Account>[] changes = [source.Insert(ada), source.Update(ada with { Note = "new" }), source.Insert(bob), source.DeleteByKey(bob)];
        var first = await stand.StartAsync(epoch: 1);
        await first.WriteAsync(changes);
        await first.KillAsync();

        await using var second = await stand.StartAsync(epoch: 2);
        await second.WriteAsync(changes[..2]);
        await second.WriteAsync(changes[2..]);
        await second.CheckpointAsync(1);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After the same changes were written again", ada with { Note = "new" });
        if (stand.Kind is SinkKind.Transactional or SinkKind.Staged)
        {
            await stand.CountsAsync(SinkProcess.Accounts, "After the same changes were written again", changes.Length);
        }
    }

    public static async Task NoMarkerAtFirst(SinkStand stand)
    {
        await using var process = await stand.StartAsync(epoch: 1);
        SinkStand.Require(process.Marker is null, () => $"Nothing was ever committed, but the marker says {process.Marker}.");
    }

    public static async Task MarkerNamesLastCommit(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        var first = await stand.StartAsync(epoch: 1);
        await first.WriteAsync(source.Insert(ada));
        await first.CheckpointAsync(1);
        await first.CheckpointAsync(2); // without changes: the marker moves all the same
        await first.WriteAsync(source.Insert(bob));
        await first.PrepareAsync(3);
        await first.KillAsync();

        var second = await stand.StartAsync(epoch: 2);
        RequireMarker(second, epoch: 1, id: 2);
        await second.WriteAsync(source.Insert(bob));
        await second.CheckpointAsync(4);
        await second.KillAsync();

        await using var third = await stand.StartAsync(epoch: 5);
        RequireMarker(third, epoch: 2, id: 4);
    }

    public static async Task MarkerNotAhead(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        var first = await stand.StartAsync(epoch: 1);
        await first.WriteAsync(source.Insert(ada));
        await first.CheckpointAsync(1);
        await first.WriteAsync(source.Insert(bob));
        await first.PrepareAsync(2);
        await first.KillAsync();

        await using var second = await stand.StartAsync(epoch: 2);
        SinkStand.Require(
            second.Marker is null || second.Marker == new CheckpointRef(new Epoch(1), new CheckpointId(1)),
            () => $"Checkpoint 1@1 was committed last, but the marker says {second.Marker}.");
    }

    private static async Task UncommittedIsLost(SinkStand stand, bool prepare)
    {
        var source = new Source<Account>("accounts");
        var first = await stand.StartAsync(epoch: 1);
        await first.WriteAsync(source.Insert(ada));
        await first.CheckpointAsync(1);
        await first.WriteAsync(source.Insert(bob));
        if (prepare)
        {
            await first.PrepareAsync(2);
        }

        await first.KillAsync();
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After the crash", ada);

        // The checkpoint is not in the store, so the source delivers its changes again.
        await using var second = await stand.StartAsync(epoch: 2);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After the restart", ada);
        await second.WriteAsync(source.Insert(bob));
        await second.CheckpointAsync(2);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After the repeated checkpoint", ada, bob);
        await stand.CountsAsync(SinkProcess.Accounts, "After the repeated checkpoint", 2);
    }

    private static void RequireMarker(SinkProcess process, long epoch, long id)
    {
        var expected = new CheckpointRef(new Epoch(epoch), new CheckpointId(id));
        SinkStand.Require(process.Marker == expected, () => $"The marker should be {expected} and is {process.Marker?.ToString() ?? "missing"}.");
    }
}
