using System.Collections.Concurrent;
using CdcFlow;
using CdcFlow.Checkpoints;
using CdcFlow.Rejects;
using CdcFlow.Sinks;

namespace ThirdParty.FooSink.Ledger;

/// <summary>Stands for a server with transactions: each member is one. Thread-safe.</summary>
public sealed class LedgerServer
{
    private static readonly ConcurrentDictionary<string, LedgerServer> servers = new();

    private readonly Lock gate = new();
    private readonly Dictionary<string, Dictionary<object, object?[]>> tables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SinkMarker> markers = new(StringComparer.Ordinal);
    private readonly List<StoredReject> rejects = [];

    /// <summary>The changes that were set aside, the oldest first.</summary>
    public IReadOnlyList<StoredReject> Rejects
    {
        get
        {
            lock (gate)
            {
                return [.. rejects];
            }
        }
    }

    /// <summary>The server with this name; made when first asked for.</summary>
    public static LedgerServer Named(string name) => servers.GetOrAdd(name, _ => new LedgerServer());

    /// <summary>The rows that readers of a sink see.</summary>
    public IReadOnlyList<object?[]> Rows(string sink)
    {
        lock (gate)
        {
            return [.. Table(sink).Values];
        }
    }

    /// <summary>The first reading: what is remembered of a pipeline; null before its first opening.</summary>
    internal SinkMarker? Read(string pipeline)
    {
        lock (gate)
        {
            return markers.GetValueOrDefault(pipeline);
        }
    }

    /// <summary>Lets an instance in and all older ones out, and reads what was committed last: at one instant, or a late commit would come between.</summary>
    internal CheckpointRef? Open(string pipeline, SinkOpenContext context)
    {
        lock (gate)
        {
            var marker = markers.GetValueOrDefault(pipeline);
            if (marker is not null && (!marker.Admits(context) || context.Epoch < marker.Epoch))
            {
                throw Fenced(context.Epoch, marker);
            }

            markers[pipeline] = new SinkMarker(context.Store, context.Epoch, marker?.Checkpoint);
            return marker?.Checkpoint;
        }
    }

    /// <summary>Commits rows, rejects and marker together; does nothing where the marker says that it is done.</summary>
    internal void Commit(string pipeline, StoreId store, CheckpointRef checkpoint, IReadOnlyList<LedgerWrite> writes, IReadOnlyList<StoredReject> rejected)
    {
        lock (gate)
        {
            var marker = markers[pipeline];
            if (marker.Checkpoint == checkpoint)
            {
                return; // its answer was lost, or a successor asks
            }

            if (marker.Store != store || checkpoint.Epoch < marker.Epoch)
            {
                throw Fenced(checkpoint.Epoch, marker);
            }

            foreach (var write in writes)
            {
                Apply(write);
            }

            rejects.AddRange(rejected);
            markers[pipeline] = marker with { Checkpoint = checkpoint };
        }
    }

    private static CdcFlowException Fenced(Epoch epoch, SinkMarker marker) => new(
        "LEDGER01", $"Epoch {epoch} may not write any more: epoch {marker.Epoch} has taken over.", "Let this instance end.", ErrorDomain.External)
    { IsFenced = true, FencedBy = marker.Epoch };

    private void Apply(LedgerWrite write)
    {
        var table = Table(write.Sink);
        if (write.Operation == Operation.Truncate)
        {
            table.Clear();
        }
        else if (write.Values is null)
        {
            table.Remove(write.Key!);
        }
        else
        {
            var before = table.GetValueOrDefault(write.Key!);
            table[write.Key!] = [.. write.Values.Select((value, column) => write.Missing?.Contains(column) == true ? before?[column] : value)];
        }
    }

    private Dictionary<object, object?[]> Table(string sink)
    {
        if (!tables.TryGetValue(sink, out var table))
        {
            tables.Add(sink, table = []);
        }

        return table;
    }
}
