namespace CdcFlow.Hosting.Progress;

/// <summary>Progress as plain lines of the log (<see cref="ProgressLines"/>).</summary>
/// <param name="tellsSnapshots">False where bars have shown them.</param>
internal sealed class LogProgress(bool tellsSnapshots = true) : IProgressDisplay
{
    private static readonly TimeSpan tick = TimeSpan.FromSeconds(1);

    public async Task RunAsync(HostedPipeline pipeline, CancellationToken ended)
    {
        var lines = new ProgressLines(pipeline.Log, tellsSnapshots);
        using var timer = new PeriodicTimer(tick, pipeline.Time);
        for (var seconds = 1; await TickAsync(timer, ended); seconds++)
        {
            lines.Tell(pipeline.Runner.Progress, seconds);
        }

        // What a short run has read would otherwise never be told.
        lines.TellCompleted(pipeline.Runner.Progress);
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken ended)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ended);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
