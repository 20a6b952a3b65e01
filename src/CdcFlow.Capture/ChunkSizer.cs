namespace CdcFlow.Capture;

/// <summary>Decides how many rows the next chunk of a table should have: few enough for its bytes and time, no more than the limit.</summary>
/// <remarks>Not thread-safe.</remarks>
/// <param name="maxRows">The most rows of a chunk; at least 1.</param>
/// <param name="maxBytes">About the most bytes of a chunk; at least 1.</param>
/// <param name="timeTarget">About how long reading one chunk may take.</param>
/// <param name="estimatedRowBytes">A first guess of a row's size.</param>
public sealed class ChunkSizer(int maxRows, long maxBytes, TimeSpan timeTarget, long estimatedRowBytes)
{
    private const int MinRows = 1;
    private const int FirstRows = 2048;
    private long rowBytes = Math.Max(1, estimatedRowBytes);
    private long timedRows = Math.Min(FirstRows, maxRows);

    /// <summary>Rows of the next chunk.</summary>
    public int NextRows => (int)Math.Clamp(Math.Min(timedRows, maxBytes / rowBytes), MinRows, maxRows);

    /// <summary>Learns from a chunk that was read.</summary>
    public void Learn(long rows, long bytes, TimeSpan elapsed)
    {
        if (rows == 0)
        {
            return;
        }

        rowBytes = Math.Max(1, bytes / rows);

        // At most doubled or halved: one slow or fast chunk says little.
        var fitting = elapsed <= TimeSpan.Zero ? long.MaxValue : (long)Math.Min(rows * (timeTarget / elapsed), maxRows);
        timedRows = Math.Clamp(fitting, Math.Max(MinRows, timedRows / 2), Math.Min(maxRows, timedRows * 2));
    }

    /// <summary>Learns that a chunk was given up after reading this much of it.</summary>
    public void LearnTooLarge(long rows, long bytes) => rowBytes = Math.Max(rowBytes * 2, bytes / Math.Max(1, rows));
}
