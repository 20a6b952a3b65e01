using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores.Files;

/// <summary>An epoch that this process has taken. The lock that it holds tells others on this machine that the process lives, and no more: nobody waits for it.</summary>
internal sealed class EpochClaim : IDisposable
{
    private readonly FileStoreContext context;
    private readonly IDisposable alive;

    private EpochClaim(FileStoreContext context, Epoch epoch, IDisposable alive)
    {
        this.context = context;
        this.alive = alive;
        Epoch = epoch;
    }

    public Epoch Epoch { get; }

    /// <summary>Takes an epoch. In this order, so that no older instance puts anything in place once it has returned:
    /// the epoch's file is there, and any writer that compares from now on finds itself fenced; then what older writers have laid ready is removed, and a writer
    /// that had compared before finds nothing to rename.</summary>
    /// <param name="context">The store.</param>
    /// <param name="record">The epoch's record.</param>
    /// <param name="above">The writer's own epoch, which it raises: whoever took one between the two has fenced it. Null: it has none.</param>
    /// <returns>Null when another instance was faster.</returns>
    public static EpochClaim? TryMake(FileStoreContext context, EpochRecord record, Epoch? above = null)
    {
        if (context.Files.TryLock(context.Paths.Alive(record.Epoch)) is not { } alive)
        {
            return null;
        }

        var claim = new EpochClaim(context, record.Epoch, alive);
        try
        {
            if (context.Files.TryWriteNew(context.Paths.Epoch(record.Epoch), record.Write()) && !claim.IsFenced(above) && claim.Seat())
            {
                return claim;
            }
        }
        catch (CdcFlowException full) when (full.IsTransient)
        {
            // Nobody was told of this epoch. Half a file for each try would only use up the disk's last entries.
            context.Files.Delete(context.Paths.Epoch(record.Epoch));
            claim.Dispose();
            throw;
        }
        catch
        {
            claim.Dispose();
            throw;
        }

        claim.Dispose();
        return null;
    }

    /// <summary>Gives the lock back, once the epoch is of no more use.</summary>
    public void Dispose() => alive.Dispose();

    // Before anything is removed. Either the other instance finds this epoch when it makes sure of its own, or this one finds the other's.
    private bool IsFenced(Epoch? above) =>
        above is { } own && context.Files.List().Select(StorePaths.ParseEpoch).OfType<Epoch>().Any(epoch => epoch > own && epoch != Epoch);

    private bool Seat()
    {
        // Makes this epoch durable, and with it all that the predecessor had put in place.
        context.Files.SyncDirectory();
        StoreCleaning.RemoveLeftovers(context, Epoch);
        context.Files.SyncDirectory();
        return Succession.Newest(context.Files.List()) == Epoch;
    }
}
