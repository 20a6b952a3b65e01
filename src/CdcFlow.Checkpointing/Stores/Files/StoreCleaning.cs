using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores.Files;

/// <summary>Removes what earlier instances left behind. Done by the newest epoch once its file is durable.</summary>
internal static class StoreCleaning
{
    /// <summary>Everything is classified first. No checkpoint is touched: that is for retention, which knows what is committed.</summary>
    public static void RemoveLeftovers(FileStoreContext context, Epoch newest)
    {
        var names = context.Files.List();
        var garbage = names.Where(name =>
            StorePaths.ParseTemporary(name) < newest || StorePaths.ParseEpoch(name) < newest || IsLockOfTheDead(context, name, newest));
        foreach (var name in garbage.ToList())
        {
            context.Files.Delete(Path.Combine(context.Paths.Directory, name));
        }
    }

    private static bool IsLockOfTheDead(FileStoreContext context, string name, Epoch newest)
    {
        if (StorePaths.ParseAlive(name) is not { } epoch || epoch >= newest)
        {
            return false;
        }

        using var free = context.Files.TryLock(context.Paths.Alive(epoch));
        return free is not null;
    }
}
