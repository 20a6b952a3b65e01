using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Testing.Conformance.Checks;

/// <summary>What a reset takes away, and what it does not. A sink that does not know what it has left (<see cref="Sinks.ISinkConnection.FindTracesAsync"/>) passes.</summary>
internal static class ResetChecks
{
    private static readonly StoreId other = new(new Guid("0ddba115-0000-4000-8000-000000000003"));
    private static readonly Account ada = new(1, "Ada", 10.50m, null);
    private static readonly Account bob = new(2, "Bob", 20m, "second");

    public static async Task TakesMarkerAndKeepsRows(SinkStand stand)
    {
        if (await SinkProcess.ResetAsync(stand) is not { } atFirst)
        {
            return;
        }

        SinkStand.Require(!atFirst.Contains(TraceState.Present), () => "Nobody has ever opened the sink, and there is something to take away.");
        var source = new Source<Account>("accounts");
        var first = await stand.StartAsync(epoch: 1);
        await first.WriteAsync(source.Insert(ada));
        await first.CheckpointAsync(1);
        await first.WriteAsync(source.Insert(bob));
        await first.PrepareAsync(2);
        await first.KillAsync();

        var found = await SinkProcess.ResetAsync(stand);
        SinkStand.Require(found!.Contains(TraceState.Present), () => "The sink has a marker, and nothing is there to take away.");
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After a reset", ada);
        var again = await SinkProcess.ResetAsync(stand);
        SinkStand.Require(!again!.Contains(TraceState.Present), () => "After a reset there is still something to take away.");
        var marker = await SinkProcess.ReadMarkerAsync(stand);
        SinkStand.Require(marker is null or { Store: null, Checkpoint: null }, () => $"After a reset the marker still says {marker}.");

        await using var second = await SinkProcess.StartAsync(stand, epoch: 9, other);
        SinkStand.Require(second.Marker is null, () => $"After a reset the opening still finds checkpoint {second.Marker}.");
        await second.WriteAsync(source.Insert(bob));
        await second.CheckpointAsync(3);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After a reset and another start", ada, bob);
    }

    public static async Task PausedInstanceCannotCommit(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        await using var paused = await stand.StartAsync(epoch: 1);
        await paused.WriteAsync(source.Insert(ada));
        await paused.CheckpointAsync(1);
        await paused.WriteAsync(source.Insert(bob));
        var permit = await paused.PrepareAsync(2);
        if (await SinkProcess.ResetAsync(stand) is null)
        {
            return;
        }

        await FailsAsync("The commit of an instance from before a reset", () => paused.CommitAsync(permit));
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After a paused instance woke up", ada);
    }

    public static async Task LeavesAnotherStoresSinkAlone(SinkStand stand)
    {
        var source = new Source<Account>("accounts");
        await using var owner = await SinkProcess.StartAsync(stand, epoch: 1, other);
        await owner.WriteAsync(source.Insert(ada));
        await owner.CheckpointAsync(1);
        try
        {
            if (await SinkProcess.ResetAsync(stand) is null)
            {
                return;
            }

            throw new ConformanceException("A reset took away what another store's instance needs.");
        }
        catch (CdcFlowException)
        {
            // As it must be.
        }

        await owner.WriteAsync(source.Insert(bob));
        await owner.CheckpointAsync(2);
        await stand.SeesAsync<Account, AccountCodec>(SinkProcess.Accounts, "After a reset by mistake", ada, bob);
    }

    private static async Task FailsAsync(string what, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (CdcFlowException)
        {
            return;
        }

        throw new ConformanceException($"{what} should fail, but succeeded.");
    }
}
