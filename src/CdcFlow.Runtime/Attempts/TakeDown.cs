using CdcFlow.Runtime.Flow;
using CdcFlow.Runtime.Restarts;

namespace CdcFlow.Runtime.Attempts;

/// <summary>The end of an attempt that does not come: some call into the outside does not return, though it was cancelled.</summary>
internal static class TakeDown
{
    /// <summary>Waits until an attempt stands still.</summary>
    /// <returns>Whether it does; false when the time is over.</returns>
    public static async Task<bool> WithinAsync(TimeSpan timeout, Func<Task> whenStill, PipelineServices services)
    {
        var isStill = new Promise<bool>();
        using var timer = services.Time.CreateTimer(_ => isStill.Keep(false), null, timeout, Timeout.InfiniteTimeSpan);
        _ = KeepAsync();
        return await isStill.WaitAsync(CancellationToken.None);

        async Task KeepAsync()
        {
            await whenStill();
            isStill.Keep(true);
        }
    }

    /// <summary>Never transient: within one process, nothing may run beside what still hangs. A new process fences it.</summary>
    public static CdcFlowException Hangs(IEnumerable<string> nodes, TimeSpan timeout, Exception? fault)
    {
        var where = string.Join(", ", nodes) is { Length: > 0 } busy ? busy : "a source";
        return new CdcFlowException(
            RuntimeErrorCodes.CallHangs,
            $"The pipeline could not be taken down within {timeout}: a call did not return although it was cancelled, at {where}.{(fault is null ? "" : $" It was taken down because: {CauseText.Of(fault)}")}",
            "End this process and start the pipeline again: it goes on from the checkpoint that the sinks' markers name.",
            ErrorDomain.External, inner: fault);
    }
}
