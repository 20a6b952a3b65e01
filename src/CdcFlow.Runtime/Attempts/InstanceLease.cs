using CdcFlow.Checkpointing;
using CdcFlow.Checkpointing.Stores;

namespace CdcFlow.Runtime.Attempts;

/// <summary>The lease of one instance, kept over all its attempts: taken once, raised for each further attempt, renewed in the pauses too.</summary>
/// <remarks>An instance that was fenced must not come back as a newer one: it would fence its healthy successor. So nothing here acquires twice.</remarks>
/// <param name="services">The store, the clock, and who is told.</param>
/// <param name="waitMax">How long to wait for a lease that another instance holds.</param>
/// <param name="waitsForLiving">Whether to wait too for an instance that is seen to work: it may be about to stop, as in a rolling deployment.</param>
internal sealed class InstanceLease(PipelineServices services, TimeSpan waitMax, bool waitsForLiving = true)
{
    private static readonly TimeSpan poll = TimeSpan.FromSeconds(1);

    private ICheckpointLease? lease;

    /// <summary>The lease, with an epoch that no attempt has had yet.</summary>
    /// <exception cref="CdcFlowException">Another instance holds it, or has taken over.</exception>
    public async Task<ICheckpointLease> ForAttemptAsync(CancellationToken cancellationToken)
    {
        if (lease is null)
        {
            return lease = await AcquireAsync(cancellationToken);
        }

        await lease.RaiseAsync(above: default, cancellationToken);
        return lease;
    }

    /// <summary>Takes the lease; waits for one that another instance holds.</summary>
    public async Task<ICheckpointLease> AcquireAsync(CancellationToken cancellationToken)
    {
        var holder = services.Holder ?? LeaseHolder.Current();
        var started = services.Time.GetTimestamp();
        for (var isTold = false; ; isTold = true)
        {
            try
            {
                return await services.Store.AcquireAsync(holder, cancellationToken);
            }
            catch (CdcFlowException held) when (held.Code == CheckpointErrorCodes.LeaseHeld && (waitsForLiving || held.IsTransient))
            {
                if (services.Time.GetElapsedTime(started) >= waitMax)
                {
                    throw new CdcFlowException(held.Code, held.Happened, held.Fix, inner: held);
                }

                if (!isTold)
                {
                    services.Observer.WaitingForLease(held, waitMax);
                }
            }

            await Task.Delay(poll, services.Time, cancellationToken);
        }
    }

    /// <summary>Keeps the lease through a pause between two attempts.</summary>
    /// <returns>Whether the pause is over; false when it was asked to stop.</returns>
    /// <exception cref="CdcFlowException">The lease is lost.</exception>
    public async Task<bool> PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var renewal = lease is null ? Task.CompletedTask : RenewAsync(lease, over.Token);
        try
        {
            await Task.Delay(pause, services.Time, over.Token);
        }
        catch (OperationCanceledException)
        {
        }

        over.Cancel();
        await renewal;
        return !stop.IsCancellationRequested;

        // Lost: the pause is over, and the caller is told.
        async Task RenewAsync(ICheckpointLease held, CancellationToken cancelled)
        {
            try
            {
                await LeaseRenewal.RunAsync(held, services.Time, cancelled);
            }
            catch (OperationCanceledException)
            {
            }
            catch (CdcFlowException error) when (error.IsTransient)
            {
                // The next attempt meets it again, and waits for it.
            }
            catch
            {
                over.Cancel();
                throw;
            }
        }
    }

    /// <summary>Why an attempt has really failed: whatever an instance meets once it has a successor is only an echo of that.</summary>
    public async Task<CdcFlowException?> FencedAsync()
    {
        try
        {
            await (lease?.RenewAsync(CancellationToken.None) ?? ValueTask.CompletedTask);
            return null;
        }
        catch (CdcFlowException error)
        {
            return error.IsFenced ? error : null;
        }
    }

    /// <summary>Gives it back, so that a successor need not wait.</summary>
    public ValueTask ReleaseAsync() => lease?.DisposeAsync() ?? ValueTask.CompletedTask;
}
