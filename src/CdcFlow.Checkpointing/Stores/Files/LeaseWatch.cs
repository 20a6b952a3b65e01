using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores.Files;

/// <summary>Watches a lease that another instance holds: it is free once it has stood still for its duration, by this process's own monotonic clock.</summary>
/// <remarks>No time of day is compared with another machine's: a clock that is wrong, or jumps, takes no lease away. Thread-safe.</remarks>
internal sealed class LeaseWatch(TimeProvider time, TimeSpan duration)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Epoch, (ReadOnlyMemory<byte> Record, long Since)> seen = [];

    /// <summary>Looks at it once more.</summary>
    /// <param name="epoch">An epoch: the newest, or one that is about to be.</param>
    /// <param name="record">Its file as it stands; empty where there is none yet.</param>
    public LeaseMotion Look(Epoch epoch, ReadOnlyMemory<byte> record)
    {
        lock (gate)
        {
            foreach (var older in seen.Keys.Where(older => older.Value < epoch.Value - 1).ToList())
            {
                seen.Remove(older);
            }

            var wasSeen = seen.TryGetValue(epoch, out var last);
            if (wasSeen && last.Record.Span.SequenceEqual(record.Span))
            {
                return time.GetElapsedTime(last.Since) >= duration ? LeaseMotion.Still : LeaseMotion.Unknown;
            }

            seen[epoch] = (record, time.GetTimestamp());
            return wasSeen ? LeaseMotion.Renewed : LeaseMotion.Unknown;
        }
    }
}

/// <summary>What was seen of a lease.</summary>
internal enum LeaseMotion
{
    /// <summary>Not enough.</summary>
    Unknown,

    /// <summary>It was renewed between two looks: its holder lives.</summary>
    Renewed,

    /// <summary>It was not renewed for its whole duration: its holder is dead, paused or cut off.</summary>
    Still,
}
