using CdcFlow.Batches;
using CdcFlow.Rejects;

namespace CdcFlow.Runtime.Counting;

/// <summary>Counts of one node id. Thread-safe.</summary>
internal sealed class NodeCounter(string id, TimeProvider time, Action<string, TimeSpan>? batchProcessed)
{
    private long rowsIn;
    private long rowsOut;
    private long busy;
    private long backPressured;
    private long failures;
    private long snapshotReads;
    private long inserts;
    private long updates;
    private long deletes;
    private long truncates;
    private long rejects;
    private long skips;
    private volatile RejectedChange? lastRejected;
    private volatile bool isSinkConnection;

    /// <summary>Changes came in.</summary>
    public void In(int rows) => Interlocked.Add(ref rowsIn, rows);

    /// <summary>Changes were handed on.</summary>
    public void Out(int rows) => Interlocked.Add(ref rowsOut, rows);

    /// <summary>A source's table handed changes over.</summary>
    public void Read(OperationCounts counts)
    {
        Interlocked.Add(ref snapshotReads, counts.SnapshotReads);
        Interlocked.Add(ref inserts, counts.Inserts);
        Interlocked.Add(ref updates, counts.Updates);
        Interlocked.Add(ref deletes, counts.Deletes);
        Interlocked.Add(ref truncates, counts.Truncates);
    }

    /// <summary>The node is a sink's connection.</summary>
    public void MarkSinkConnection() => isSinkConnection = true;

    /// <summary>The node failed.</summary>
    public void Failed() => Interlocked.Increment(ref failures);

    /// <summary>The node rejected a change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="isKept">Whether it was set aside, rather than skipped.</param>
    public void Rejected(RejectedChange change, bool isKept)
    {
        lastRejected = change;
        Interlocked.Increment(ref isKept ? ref rejects : ref skips);
    }

    /// <summary>The beginning of a stretch of time.</summary>
    public long Now() => time.GetTimestamp();

    /// <summary>The node worked since then.</summary>
    public void BusySince(long start) => Interlocked.Add(ref busy, time.GetElapsedTime(start).Ticks);

    /// <summary>The node has had a batch since then, and is done with it.</summary>
    public void BatchSince(long start) => batchProcessed?.Invoke(id, time.GetElapsedTime(start));

    /// <summary>The node waited for its consumers since then.</summary>
    public void BackPressuredSince(long start) => Interlocked.Add(ref backPressured, time.GetElapsedTime(start).Ticks);

    /// <summary>The counts now.</summary>
    public NodeStatus Status(int queueLength) => new(
        id, Volatile.Read(ref rowsIn), Volatile.Read(ref rowsOut), queueLength,
        TimeSpan.FromTicks(Volatile.Read(ref busy)), TimeSpan.FromTicks(Volatile.Read(ref backPressured)))
    {
        Read = new OperationCounts(
            Volatile.Read(ref snapshotReads), Volatile.Read(ref inserts), Volatile.Read(ref updates), Volatile.Read(ref deletes), Volatile.Read(ref truncates)),
        IsSinkConnection = isSinkConnection,
        Rejected = Volatile.Read(ref rejects),
        Skipped = Volatile.Read(ref skips),
        LastRejected = lastRejected,
        Failures = isSinkConnection ? Volatile.Read(ref failures) : 0,
    };
}
