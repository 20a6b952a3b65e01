namespace CdcFlow.Benchmarks.Workloads;

/// <summary>What the user's own rows take: the objects and their strings, measured by making one in 97 of them as the workload does.</summary>
internal static class OrderLineBytes
{
    /// <summary>A prime, so that it meets every phase of the workload's cycles.</summary>
    private const int Step = 97;

    /// <param name="rows">How many rows; their ids begin at 1.</param>
    /// <param name="oneStatus">Whether all have the status of new rows.</param>
    internal static double PerRow(long rows, bool oneStatus)
    {
        var keep = new OrderLine[Math.Max(1, rows / Step)];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < keep.Length; i++)
        {
            var id = 1 + (long)i * Step;
            var status = oneStatus ? "new" : (id % 3) switch { 0 => "new", 1 => "paid", _ => "shipped" };
            var note = "order line number  ".Length + (int)Math.Log10(id) + 1 + (int)(id % 50);
            keep[i] = new OrderLine(id, id, 1, 1, 1m, new string('s', status.Length), new string('n', note), true, Guid.Empty, default);
        }

        GC.KeepAlive(keep);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / keep.Length;
    }
}
