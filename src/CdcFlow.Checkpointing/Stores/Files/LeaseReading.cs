using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores.Files;

/// <summary>Looks at a store's lease once, without asking for it.</summary>
internal static class LeaseReading
{
    /// <summary>The newest epoch's lease; null before the first.</summary>
    /// <param name="context">The store.</param>
    /// <param name="machine">The machine of whoever looks: a lock says nothing about processes on others.</param>
    public static LeaseStanding? Of(FileStoreContext context, string machine)
    {
        var names = context.Files.List();
        if (Succession.Newest(names) is not { } newest)
        {
            return null;
        }

        var record = EpochRecord.Parse(context.Files.Read(context.Paths.Epoch(newest), EpochRecord.BytesMax)?.Bytes ?? []);
        return new LeaseStanding(newest, record?.Holder, Hold(record, IsLockFree(context, newest, names), machine)) { ExpiresAt = record?.ExpiresAt };
    }

    private static LeaseHold Hold(EpochRecord? record, bool lockIsFree, string machine) =>
        record is { IsReleased: true } ? LeaseHold.Free
        : record is not null && record.Holder.Machine != machine ? LeaseHold.Elsewhere
        : lockIsFree ? LeaseHold.Free
        : LeaseHold.Held;

    // A lock that is taken for a moment keeps nobody out: whoever meets it looks again. A file that is not there is not made.
    private static bool IsLockFree(FileStoreContext context, Epoch epoch, IEnumerable<string> names)
    {
        if (!names.Any(name => StorePaths.ParseAlive(name) == epoch))
        {
            return true;
        }

        using var free = context.Files.TryLock(context.Paths.Alive(epoch));
        return free is not null;
    }
}
