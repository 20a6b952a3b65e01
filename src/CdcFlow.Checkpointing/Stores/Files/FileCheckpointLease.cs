using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores.Files;

/// <summary>One epoch of a <see cref="FileCheckpointStore"/>.</summary>
internal sealed class FileCheckpointLease : ICheckpointLease
{
    private readonly FileStoreContext context;
    private readonly LeaseHolder holder;
    private readonly IDisposable alive;
    private CdcFlowException? failure;

    private FileCheckpointLease(FileStoreContext context, LeaseHolder holder, Epoch epoch, IDisposable alive)
    {
        this.context = context;
        this.holder = holder;
        this.alive = alive;
        Epoch = epoch;
    }

    public Epoch Epoch { get; }

    public TimeSpan Duration => context.LeaseDuration;

    public static async ValueTask<FileCheckpointLease> AcquireAsync(FileStoreContext context, LeaseHolder holder, CancellationToken cancellationToken)
    {
        context.Files.MakeDirectory();
        using var gate = await StoreGate.EnterAsync(context, cancellationToken);
        var newest = Succession.Newest(context.Files.List());
        if (newest is { } predecessor)
        {
            Succeed(context, predecessor, holder);
        }

        var epoch = newest is { } last ? new Epoch(last.Value + 1) : FirstEpoch(context.Time.GetUtcNow());
        var alive = context.Files.TryLock(context.Paths.Alive(epoch))
            ?? throw new InvalidOperationException($"Epoch {epoch} is new, but somebody holds its lock.");
        try
        {
            var lease = new FileCheckpointLease(context, holder, epoch, alive);
            context.Files.WriteNew(context.Paths.Epoch(epoch), lease.Record(isReleased: false).Write());
            // Makes this epoch durable, and with it all that the predecessor had put in place.
            context.Files.SyncDirectory();
            StoreCleaning.RemoveLeftovers(context, epoch);
            return lease;
        }
        catch
        {
            alive.Dispose();
            throw;
        }
    }

    public async ValueTask WriteAsync(CheckpointManifest manifest, CancellationToken cancellationToken)
    {
        var file = CheckpointFile.Write(manifest);
        await LastingAsync(async () =>
        {
            await PutAsync(context.Paths.Checkpoint(manifest.Checkpoint), file, cancellationToken);
            context.Files.SyncDirectory();
        });
    }

    public ValueTask DeleteAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) => LastingAsync(async () =>
    {
        using var gate = await EnterAsNewestAsync(cancellationToken);
        context.Files.Delete(context.Paths.Checkpoint(checkpoint));
    });

    public ValueTask RenewAsync(CancellationToken cancellationToken) => LastingAsync(
        () => PutAsync(context.Paths.Epoch(Epoch), Record(isReleased: false).Write(), cancellationToken));

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (failure is null)
            {
                await PutAsync(context.Paths.Epoch(Epoch), Record(isReleased: true).Write(), CancellationToken.None);
            }
        }
        catch (CdcFlowException)
        {
            // A courtesy to successors on other machines: without it they wait until the lease expires. An error
            // here would hide the one that ended the run.
        }
        finally
        {
            alive.Dispose();
        }
    }

    /// <summary>A new store begins at the seconds since 2026: sinks remember the epochs of a store that was lost or erased, and fence lower ones.</summary>
    private static Epoch FirstEpoch(DateTimeOffset now) =>
        new(Math.Max(1, now.ToUnixTimeSeconds() - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds()));

    private static void Succeed(FileStoreContext context, Epoch predecessor, LeaseHolder successor)
    {
        var record = context.Files.Read(context.Paths.Epoch(predecessor), EpochRecord.BytesMax) is { Bytes: { } file } ? EpochRecord.Parse(file) : null;
        if (record is not null && record.Pipeline != context.Pipeline)
        {
            throw new CdcFlowException(
                CheckpointErrorCodes.ForeignPipeline,
                $"The checkpoint store '{context.Paths.Directory}' is that of pipeline '{record.Pipeline}', not of '{context.Pipeline}'.",
                "Give each pipeline a store of its own (Checkpoint:Store).");
        }

        using var free = context.Files.TryLock(context.Paths.Alive(predecessor));
        if (!Succession.MayTakeOver(record, free is not null, successor.Machine, context.Time.GetUtcNow()))
        {
            throw LeaseErrors.Held(context.Pipeline, predecessor, record!.Holder, record.ExpiresAt);
        }
    }

    /// <summary>Bytes are written and flushed before the gate is entered: a writer that is stopped meanwhile keeps nobody out.</summary>
    private async ValueTask PutAsync(string path, byte[] bytes, CancellationToken cancellationToken)
    {
        var aside = StorePaths.Temporary(path, Epoch);
        try
        {
            context.Files.WriteAside(aside, bytes);
            using var gate = await EnterAsNewestAsync(cancellationToken);
            context.Files.Rename(aside, path);
        }
        catch (CdcFlowException error) when (error.IsTransient)
        {
            context.Files.Delete(aside);
            throw;
        }
    }

    private async ValueTask<IDisposable> EnterAsNewestAsync(CancellationToken cancellationToken)
    {
        var gate = await StoreGate.EnterAsync(context, cancellationToken);
        try
        {
            return Succession.Newest(context.Files.List()) is { } newest && newest != Epoch
                ? throw LeaseErrors.Fenced(context.Pipeline, Epoch, newest)
                : gate;
        }
        catch
        {
            gate.Dispose();
            throw;
        }
    }

    /// <summary>After a failure whose outcome is unknown nothing more is written: a retry could report success for what is lost.</summary>
    private async ValueTask LastingAsync(Func<ValueTask> act)
    {
        if (failure is not null)
        {
            throw failure;
        }

        try
        {
            await act();
        }
        catch (CdcFlowException error) when (!error.IsTransient)
        {
            failure = error;
            throw;
        }
    }

    private EpochRecord Record(bool isReleased) =>
        new(context.Pipeline, Epoch, holder, context.Time.GetUtcNow() + Duration, isReleased);
}
