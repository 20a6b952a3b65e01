using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores.Files;

/// <summary>One instance's lease on a <see cref="FileCheckpointStore"/>.</summary>
/// <remarks>
/// No lock stands in the way of a commit, so that no paused process keeps anybody out. A file is put in place in three steps: its bytes are laid ready under a name of
/// the writer's epoch; the writer makes sure that its epoch is the newest; the file is renamed. A successor first makes its epoch's file, then removes whatever older epochs have
/// laid ready (<see cref="EpochClaim"/>). So either the rename comes before the removal, and the successor sees the file; or it finds nothing to rename.
/// </remarks>
internal sealed class FileCheckpointLease : ICheckpointLease
{
    // Renewals come from a timer: one in the middle of a raise would find the raised epoch's file, and take it for a successor's.
    private readonly Lock acting = new();
    private readonly FileStoreContext context;
    private readonly LeaseHolder holder;
    private volatile CdcFlowException? failure;
    private EpochClaim claim;
    private long renewals;

    private FileCheckpointLease(FileStoreContext context, LeaseHolder holder, EpochClaim claim)
    {
        this.context = context;
        this.holder = holder;
        this.claim = claim;
    }

    public Epoch Epoch => claim.Epoch;

    public StoreId Store { get; private set; }

    public TimeSpan Duration => context.LeaseDuration;

    public static FileCheckpointLease Acquire(FileStoreContext context, LeaseHolder holder, Func<StoreId> newId, CancellationToken cancellationToken)
    {
        context.Files.MakeDirectory();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var names = context.Files.List();
            var newest = Succession.Newest(names);
            var next = newest is { } last ? new Epoch(last.Value + 1) : FirstEpoch(context.Time.GetUtcNow());
            if (names.Any(name => StorePaths.ParseAlive(name) == next))
            {
                // Somebody was about to take it, and may be paused: watched from now on, beside its predecessor.
                context.Watch.Look(next, default);
            }

            if (newest is { } predecessor)
            {
                Succeed(context, predecessor, holder);
            }

            if (Claim(context, holder, newest, next) is { } claim)
            {
                return new FileCheckpointLease(context, holder, claim).Identified(newId);
            }
        }
    }

    public ValueTask WriteAsync(CheckpointManifest manifest, IReadOnlyCollection<SideFile> files, CancellationToken cancellationToken)
    {
        var file = CheckpointFile.Write(manifest);
        return Lasting(() =>
        {
            PutSideFiles(manifest, files);
            Put(context.Paths.Checkpoint(manifest.Checkpoint), file);
            context.Files.SyncDirectory();
        });
    }

    public ValueTask DeleteAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) => Lasting(() =>
    {
        RequireNewest();
        context.Files.Delete(context.Paths.Checkpoint(checkpoint));
    });

    public ValueTask DeleteSideFilesAsync(IReadOnlyCollection<SideFileRef> files, CancellationToken cancellationToken) => Lasting(() =>
    {
        RequireNewest();
        DeleteSideFiles(files);
    });

    public ValueTask EraseAsync(CancellationToken cancellationToken) => Lasting(() =>
    {
        RequireNewest();
        foreach (var checkpoint in context.Files.List().Select(StorePaths.ParseCheckpoint).OfType<CheckpointRef>().Order(CheckpointOrder.NewestFirst).Reverse())
        {
            context.Files.Delete(context.Paths.Checkpoint(checkpoint));
            context.Files.SyncDirectory(); // each by itself: a loss of power keeps no older one
        }

        DeleteSideFiles([.. context.Files.List().Select(StorePaths.ParseSideFile).OfType<SideFileRef>()]);
        context.Files.Delete(context.Paths.Id);
        context.Files.SyncDirectory();
    });

    public ValueTask RenewAsync(CancellationToken cancellationToken) => Lasting(() =>
    {
        renewals++;
        PutRecord(isReleased: false);
    });

    public ValueTask RaiseAsync(Epoch above, CancellationToken cancellationToken) => Lasting(() =>
    {
        RequireNewest();
        var raised = new Epoch(Math.Max(Epoch.Value, above.Value) + 1);
        var old = claim;
        claim = EpochClaim.TryMake(context, Record(context, holder, raised), above: Epoch) ?? throw LeaseErrors.Fenced(context.Pipeline, Epoch, raised);
        old.Dispose();
        context.Files.Delete(context.Paths.Alive(old.Epoch));
    });

    public ValueTask DisposeAsync()
    {
        try
        {
            if (failure is null)
            {
                PutRecord(isReleased: true);
            }
        }
        catch (CdcFlowException)
        {
            // A courtesy to successors on other machines: without it they wait until the lease expires. An error
            // here would hide the one that ended the run.
        }
        finally
        {
            claim.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>A new store begins at the seconds since 2026: sinks remember the epochs of a store that was lost or erased, and fence lower ones. A guess,
    /// to spare a restart: where the clock is wrong, recovery finds what the sinks remember, and raises the epoch above it or says what is to be done.</summary>
    private static Epoch FirstEpoch(DateTimeOffset now) =>
        new(Math.Max(1, now.ToUnixTimeSeconds() - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds()));

    private static void Succeed(FileStoreContext context, Epoch predecessor, LeaseHolder successor)
    {
        var file = context.Files.Read(context.Paths.Epoch(predecessor), EpochRecord.BytesMax)?.Bytes ?? [];
        var record = EpochRecord.Parse(file);
        if (record is not null && record.Pipeline != context.Pipeline)
        {
            throw new CdcFlowException(
                CheckpointErrorCodes.ForeignPipeline,
                $"The checkpoint store '{context.Paths.Directory}' is that of pipeline '{record.Pipeline}', not of '{context.Pipeline}'.",
                "Give each pipeline a store of its own (Checkpoint:Store).");
        }

        using var free = context.Files.TryLock(context.Paths.Alive(predecessor));
        var judgement = Succession.Judge(record, free is not null, successor.Machine, context.Watch.Look(predecessor, file));
        if (judgement != Predecessor.Gone)
        {
            throw LeaseErrors.Held(context.Pipeline, predecessor, record?.Holder, context.LeaseDuration, mayBeDead: judgement == Predecessor.Unknown);
        }
    }

    /// <summary>Null when somebody else has taken the epoch meanwhile. An instance that was paused before it wrote anything holds a lock and no epoch:
    /// it is watched like any other, and then passed over.</summary>
    private static EpochClaim? Claim(FileStoreContext context, LeaseHolder holder, Epoch? newest, Epoch next) =>
        EpochClaim.TryMake(context, Record(context, holder, next)) is { } claim ? claim
        : Succession.Newest(context.Files.List()) != newest ? null
        : context.Watch.Look(next, default) == LeaseMotion.Still ? ClaimAbove(context, holder, newest, next)
        : throw LeaseErrors.Held(context.Pipeline, next, holder: null, context.LeaseDuration, mayBeDead: true);

    /// <summary>The first epoch above one that nobody holds: others may have been paused where they passed over that one.</summary>
    private static EpochClaim? ClaimAbove(FileStoreContext context, LeaseHolder holder, Epoch? newest, Epoch next)
    {
        EpochClaim? claim = null;
        for (var free = next.Value + 1; claim is null && Succession.Newest(context.Files.List()) == newest; free++)
        {
            claim = EpochClaim.TryMake(context, Record(context, holder, new Epoch(free)));
        }

        return claim;
    }

    /// <summary>The store has an id before anybody learns of the lease. It is put in place as a checkpoint is: no older instance can put another one there.</summary>
    private FileCheckpointLease Identified(Func<StoreId> newId)
    {
        try
        {
            if (StoreIdFile.Read(context) is not { } id)
            {
                id = newId();
                Put(context.Paths.Id, StoreIdFile.Write(id));
                context.Files.SyncDirectory();
            }

            Store = id;
            return this;
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    private static EpochRecord Record(FileStoreContext context, LeaseHolder holder, Epoch epoch) =>
        new(context.Pipeline, epoch, holder, context.Time.GetUtcNow() + context.LeaseDuration, IsReleased: false);

    private void PutRecord(bool isReleased) =>
        Put(context.Paths.Epoch(Epoch), (Record(context, holder, Epoch) with { IsReleased = isReleased, Renewals = renewals }).Write());

    /// <summary>They are durable under their names before the manifest gets its own: also those that an earlier try has put in place.</summary>
    private void PutSideFiles(CheckpointManifest manifest, IReadOnlyCollection<SideFile> files)
    {
        if (manifest.SideFiles.Count == 0)
        {
            return;
        }

        var stored = context.Files.List().Select(StorePaths.ParseSideFile).OfType<SideFileRef>().ToHashSet();
        foreach (var file in files.Where(file => stored.Add(file.Name)))
        {
            Put(context.Paths.SideFile(file.Name), file.Bytes);
        }

        SideFileErrors.RequireAll(manifest, stored.Contains);
        if (files.Count > 0)
        {
            context.Files.SyncDirectory();
        }
    }

    private void DeleteSideFiles(IReadOnlyCollection<SideFileRef> files)
    {
        if (files.Count == 0)
        {
            return;
        }

        context.Files.SyncDirectory(); // no loss of power brings back a checkpoint without its files
        foreach (var file in files)
        {
            context.Files.Delete(context.Paths.SideFile(file));
        }
    }

    private void Put(string path, ReadOnlyMemory<byte> bytes)
    {
        var aside = StorePaths.Temporary(path, Epoch);
        try
        {
            context.Files.WriteAside(aside, bytes);
            RequireNewest();
            if (!context.Files.TryRename(aside, path))
            {
                RequireNewest();
                throw StoreFiles.Vanished(context.Paths.Directory, Epoch);
            }
        }
        catch (CdcFlowException error) when (error.IsTransient)
        {
            context.Files.Delete(aside);
            throw;
        }
        catch (CdcFlowException error) when (error.Code == CheckpointErrorCodes.StoreUnavailable)
        {
            // The folder itself may be gone, which is another error.
            RequireNewest();
            throw;
        }
    }

    private void RequireNewest()
    {
        var newest = Succession.Newest(context.Files.List());
        if (newest != Epoch)
        {
            throw newest > Epoch ? LeaseErrors.Fenced(context.Pipeline, Epoch, newest.Value) : StoreFiles.Vanished(context.Paths.Directory, Epoch);
        }
    }

    /// <summary>After a failure whose outcome is unknown nothing more is written: a retry could report success for what is lost.</summary>
    private ValueTask Lasting(Action act)
    {
        lock (acting)
        {
            return LastingAlone(act);
        }
    }

    private ValueTask LastingAlone(Action act)
    {
        if (failure is { } earlier)
        {
            throw earlier;
        }

        try
        {
            act();
            return ValueTask.CompletedTask;
        }
        catch (CdcFlowException error) when (!error.IsTransient)
        {
            failure = error;
            throw;
        }
    }
}
