namespace Shop;

/// <summary>
/// Reads the changes of a table in the order in which a sink has them, and finds what is missing, doubled or out of order: the revisions of
/// one key must follow each other without a gap, and nothing may follow its delete. At its end each key is held against the source's own log.
/// </summary>
public sealed class ChangeChain
{
    private const int Nothing = 0;

    // Between a row's end and the snapshot's look at its place.
    private static readonly TimeSpan slack = TimeSpan.FromSeconds(1);

    private readonly Dictionary<long, Seen> keys = [];
    private DateTimeOffset lastRead;

    public long Changes { get; private set; }

    public long Lost { get; private set; }

    public long Doubled { get; private set; }

    public long OutOfOrder { get; private set; }

    /// <summary>Some of what is wrong.</summary>
    public Examples Examples { get; } = [];

    private long Faults => Lost + Doubled + OutOfOrder;

    /// <summary>A change, as it stands in the sink.</summary>
    public void Add(ChangeLine change)
    {
        lastRead = change.IsRead && change.At > lastRead ? change.At : lastRead;
        if (change.Row is { } row)
        {
            Write(change.Key, row.GetProperty("revision").GetInt32(), change.IsRead);
        }
        else
        {
            Delete(change.Key);
        }
    }

    /// <summary>A row as it is after a change (or as the snapshot read it).</summary>
    public void Write(long key, int revision, bool isRead = false)
    {
        Changes++;
        if (!keys.TryGetValue(key, out var seen))
        {
            keys[key] = new Seen(isRead, First: revision, Last: revision, IsDeleted: false);
            return;
        }

        var faults = Faults;
        // A key is never used again, so a write after its delete is an old change that comes late or twice.
        if (seen.IsDeleted || revision < seen.Last)
        {
            OutOfOrder++;
        }
        else if (revision == seen.Last)
        {
            Doubled++;
        }
        else
        {
            Lost += revision - seen.Last - 1;
            keys[key] = seen with { Last = revision };
        }

        NoteSince(faults, $"{key}: revision {revision} after {seen}");
    }

    /// <summary>The end of a row.</summary>
    public void Delete(long key)
    {
        Changes++;
        var seen = keys.GetValueOrDefault(key);
        var faults = Faults;
        Doubled += seen.IsDeleted ? 1 : 0;
        NoteSince(faults, $"{key}: delete after {seen}");
        keys[key] = seen with { IsDeleted = true };
    }

    /// <summary>Counts what the source's log has of a key and the sink has not. To be called once per key, then <see cref="EndOfHistory"/>.</summary>
    public void Compare(RowHistory history)
    {
        var faults = Faults;
        keys.Remove(history.Key, out var seen);
        if (seen.Last == Nothing)
        {
            // A row that began and ended before the snapshot came to its place has no change here, or its delete alone.
            Lost += history.EndedAt < lastRead + slack ? 0 : history.Last - history.First + 1;
        }
        else
        {
            Lost += (seen.BeganWithRead ? 0 : seen.First - history.First) + Math.Max(0, history.Last - seen.Last);
            Lost += history.EndedAt is not null && !seen.IsDeleted ? 1 : 0;
            Doubled += seen.IsDeleted && history.EndedAt is null ? 1 : 0;
        }

        NoteSince(faults, $"{history}, in the sink {seen}; the snapshot's last read was at {lastRead:O}");
    }

    /// <summary>Counts rows that were never in the source.</summary>
    public void EndOfHistory()
    {
        Doubled += keys.Count;
        foreach (var (key, seen) in keys)
        {
            Examples.Add($"{key}: never in the source, in the sink {seen}");
        }
    }

    private void NoteSince(long faults, FormattableString example)
    {
        if (Faults > faults)
        {
            Examples.Add(FormattableString.Invariant(example));
        }
    }

    private readonly record struct Seen(bool BeganWithRead, int First, int Last, bool IsDeleted);
}
