namespace CdcFlow.Hosting.Progress;

/// <summary>Shows how far a pipeline is.</summary>
internal interface IProgressDisplay
{
    /// <summary>Shows it until cancelled; then returns.</summary>
    Task RunAsync(HostedPipeline pipeline, CancellationToken ended);
}
