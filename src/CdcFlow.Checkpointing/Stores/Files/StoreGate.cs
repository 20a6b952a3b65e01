namespace CdcFlow.Checkpointing.Stores.Files;

/// <summary>The store's short lock: whoever holds it compares the epoch and puts one file in place. That is the store's compare-and-swap.</summary>
internal static class StoreGate
{
    private const int TriesMax = 500;

    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits for the lock, which others hold for microseconds.</summary>
    /// <exception cref="CdcFlowException"><see cref="CheckpointErrorCodes.StoreBusy"/>: a holder was stopped at the worst moment.</exception>
    public static async ValueTask<IDisposable> EnterAsync(FileStoreContext context, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            if (context.Files.TryLock(context.Paths.Gate) is { } gate)
            {
                return gate;
            }

            await Task.Delay(pause, context.Time, cancellationToken);
        }

        throw new CdcFlowException(
            CheckpointErrorCodes.StoreBusy,
            $"Another process holds '{context.Paths.Gate}' and does not give it back.",
            "End the process that holds it; it may be stopped, or hang on a dead file system.",
            ErrorDomain.External,
            isTransient: true);
    }
}
