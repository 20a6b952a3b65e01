namespace CdcFlow.Runtime.Counting;

/// <summary>Counts of one node id. Thread-safe.</summary>
internal sealed class NodeCounter(TimeProvider time)
{
    private long rowsIn;
    private long rowsOut;
    private long busy;
    private long backPressured;

    /// <summary>Changes came in.</summary>
    public void In(int rows) => Interlocked.Add(ref rowsIn, rows);

    /// <summary>Changes were handed on.</summary>
    public void Out(int rows) => Interlocked.Add(ref rowsOut, rows);

    /// <summary>The beginning of a stretch of time.</summary>
    public long Now() => time.GetTimestamp();

    /// <summary>The node worked since then.</summary>
    public void BusySince(long start) => Interlocked.Add(ref busy, time.GetElapsedTime(start).Ticks);

    /// <summary>The node waited for its consumers since then.</summary>
    public void BackPressuredSince(long start) => Interlocked.Add(ref backPressured, time.GetElapsedTime(start).Ticks);

    /// <summary>The counts now.</summary>
    public NodeStatus Status(string id, int queueLength) => new(
        id, Volatile.Read(ref rowsIn), Volatile.Read(ref rowsOut), queueLength,
        TimeSpan.FromTicks(Volatile.Read(ref busy)), TimeSpan.FromTicks(Volatile.Read(ref backPressured)));
}
