using System.Collections.Concurrent;
using System.Globalization;
using CdcFlow.Checkpoints;
using CdcFlow.Sinks;

namespace CdcFlow.Testing;

/// <summary>The system that in-memory sinks of one connection write to: what readers see, and what the sink remembers. It outlives the pipeline.</summary>
/// <remarks>Thread-safe. Each member that changes it is one atomic effect, as a commit on a real server is.</remarks>
internal sealed class InMemorySinkServer(SinkKind kind)
{
    private static readonly ConcurrentDictionary<(string, SinkKind), InMemorySinkServer> named = new();

    private readonly Lock gate = new();
    private readonly Dictionary<string, VisibleRows> visible = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<WrittenChange>> staged = new(StringComparer.Ordinal);
    private readonly HashSet<string> published = new(StringComparer.Ordinal);
    private readonly List<WrittenChange> written = [];
    private readonly List<WrittenSchemaChange> schemaChanges = [];
    private readonly List<CheckpointRef> commits = [];
    private readonly List<WrittenReject> rejects = [];
    private readonly Dictionary<string, IReadOnlyList<WrittenReject>> stagedRejects = new(StringComparer.Ordinal);
    private long writes;
    private bool isForgotten;

    /// <summary>How the system takes part in checkpoints.</summary>
    public SinkKind Kind { get; } = kind;

    /// <summary>The newest epoch that opened it.</summary>
    public Epoch Fence { get; private set; }

    /// <summary>The checkpoint store that owns it; null before the first opening.</summary>
    public StoreId? Owner { get; private set; }

    /// <summary>What the transactional system's own marker says was committed last.</summary>
    public CheckpointRef? Marker { get; private set; }

    /// <summary>Failures that a test has asked for.</summary>
    public SinkFaults Faults { get; } = new();

    /// <summary>Every change that any instance ever brought, committed or not.</summary>
    public IReadOnlyList<WrittenChange> Written
    {
        get
        {
            lock (gate)
            {
                return [.. written];
            }
        }
    }

    /// <summary>Every change of columns that any instance ever brought.</summary>
    public IReadOnlyList<WrittenSchemaChange> SchemaChanges
    {
        get
        {
            lock (gate)
            {
                return [.. schemaChanges];
            }
        }
    }

    /// <summary>The checkpoints committed here, in order; a repeated one that changed nothing is not counted.</summary>
    public IReadOnlyList<CheckpointRef> Commits
    {
        get
        {
            lock (gate)
            {
                return [.. commits];
            }
        }
    }

    /// <summary>How many <see cref="Commits"/> there are; cheap.</summary>
    public int CommitCount => commits.Count;

    public static InMemorySinkServer Named(string connection, SinkKind kind) => named.GetOrAdd((connection, kind), key => new InMemorySinkServer(key.Item2));

    /// <summary>The changes that readers of a sink see, in the order in which they became visible.</summary>
    public IReadOnlyList<WrittenChange> Changes(string sink)
    {
        lock (gate)
        {
            return [.. Of(sink).Changes];
        }
    }

    /// <summary>The rows that readers of a sink see.</summary>
    public IReadOnlyDictionary<object, object> Rows(string sink)
    {
        lock (gate)
        {
            return Of(sink).Rows.ToDictionary();
        }
    }

    /// <summary>The rejected changes that people see.</summary>
    public IReadOnlyList<WrittenReject> Rejects
    {
        get
        {
            lock (gate)
            {
                return [.. rejects];
            }
        }
    }

    /// <summary>What the system remembers; null before the first opening, and of one that remembers nothing.</summary>
    public SinkMarker? Read()
    {
        lock (gate)
        {
            return Remembers && Fence != default && !isForgotten ? new SinkMarker(Owner, Fence, Marker) : null;
        }
    }

    /// <summary>Fences older epochs, then reads the marker: in this order, or a late commit of an older instance would come between.</summary>
    public CheckpointRef? Open(SinkOpenContext context)
    {
        lock (gate)
        {
            if (Remembers)
            {
                if (Read()?.Admits(context) == false)
                {
                    throw Fenced(context.Epoch);
                }

                ThrowIfOlder(context.Epoch);
                (Fence, Owner, isForgotten) = (context.Epoch, context.Store, false);
            }

            return Marker;
        }
    }

    /// <summary>Forgets the marker: whatever an instance that has opened it still commits fails. Rows stay.</summary>
    public void Forget(StoreId? store)
    {
        lock (gate)
        {
            if (Owner is { } owner && owner != store)
            {
                throw Fenced(Fence);
            }

            (Owner, Marker, isForgotten) = (null, null, true);
        }
    }

    /// <summary>The number of the next write call.</summary>
    public long NextWrite() => Interlocked.Increment(ref writes);

    /// <summary>Remembers that changes were brought.</summary>
    public void Record(IReadOnlyList<WrittenChange> changes)
    {
        lock (gate)
        {
            written.AddRange(changes);
        }
    }

    /// <summary>Remembers that new columns were brought.</summary>
    public void Record(WrittenSchemaChange change)
    {
        lock (gate)
        {
            schemaChanges.Add(change);
        }
    }

    /// <summary>Makes changes visible at once (idempotent and at-least-once systems).</summary>
    public void Publish(IReadOnlyList<WrittenChange> changes, IReadOnlyList<WrittenReject>? rejected = null)
    {
        lock (gate)
        {
            Apply(changes);
            Keep(rejected ?? []);
        }
    }

    /// <summary>Keeps changes durably where no reader sees them.</summary>
    /// <returns>The name under which they can be published.</returns>
    public string Stage(Epoch epoch, IReadOnlyList<WrittenChange> changes, IReadOnlyList<WrittenReject> rejected)
    {
        lock (gate)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{epoch}-{staged.Count}");
            staged.Add(name, [.. changes]);
            stagedRejects.Add(name, [.. rejected]);
            return name;
        }
    }

    /// <summary>Publishes staged output; what is published already is left alone.</summary>
    public void CommitStaged(CheckpointRef checkpoint, StoreId store, IReadOnlyList<string> names)
    {
        lock (gate)
        {
            // Older epochs of one store need no fence here: the store refuses their checkpoints. Another store would not.
            if (isForgotten || (Owner is { } owner && owner != store))
            {
                throw Fenced(checkpoint.Epoch);
            }

            var anew = names.Where(published.Add).ToList();
            foreach (var name in anew)
            {
                Apply(staged.GetValueOrDefault(name) ?? throw new CdcFlowException(
                    InMemoryErrorCodes.StagedOutputMissing, $"Staged output '{name}' of checkpoint {checkpoint} does not exist.",
                    "The checkpoint is not one of this sink.", ErrorDomain.Internal));
                Keep(stagedRejects[name]);
            }

            if (anew.Count > 0 || commits.Count == 0 || checkpoint.Id > commits[^1].Id)
            {
                commits.Add(checkpoint);
            }
        }
    }

    /// <summary>Commits data and marker in one transaction; a no-op when the marker is there already.</summary>
    public void CommitTransaction(CheckpointRef checkpoint, IReadOnlyList<WrittenChange> changes, IReadOnlyList<WrittenReject>? rejected = null)
    {
        lock (gate)
        {
            if (Marker == checkpoint)
            {
                return; // also for a successor, which does not know whether it was done
            }

            ThrowIfOlder(checkpoint.Epoch);
            if (isForgotten)
            {
                throw Fenced(checkpoint.Epoch);
            }

            if (Marker is { } marker && marker.Id >= checkpoint.Id)
            {
                return;
            }

            Apply(changes);
            Keep(rejected ?? []);
            Marker = checkpoint;
            commits.Add(checkpoint);
        }
    }

    private void Apply(IReadOnlyList<WrittenChange> changes)
    {
        foreach (var change in changes)
        {
            Of(change.Sink).Apply(change);
        }
    }

    /// <summary>A system that takes a change twice keeps a rejected one twice; of every other, a second one is a mistake that a test should see too.</summary>
    private void Keep(IReadOnlyList<WrittenReject> rejected) =>
        rejects.AddRange(Kind == SinkKind.Idempotent ? rejected.Where(change => rejects.All(kept => kept.Identity != change.Identity)) : rejected);

    private VisibleRows Of(string sink)
    {
        if (!visible.TryGetValue(sink, out var rows))
        {
            visible.Add(sink, rows = new VisibleRows(Kind == SinkKind.Idempotent));
        }

        return rows;
    }

    private bool Remembers => Kind is SinkKind.Transactional or SinkKind.Staged;

    private void ThrowIfOlder(Epoch epoch)
    {
        if (Kind == SinkKind.Transactional && epoch < Fence)
        {
            throw Fenced(epoch);
        }
    }

    private CdcFlowException Fenced(Epoch epoch) => new(
        InMemoryErrorCodes.Fenced, $"Epoch {epoch} may not write any more: epoch {Fence} has taken over.", "Let this instance end.",
        ErrorDomain.External)
    { IsFenced = true, FencedBy = Fence };
}
