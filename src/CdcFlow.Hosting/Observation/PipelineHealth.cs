using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CdcFlow.Hosting.Observation;

/// <summary>How healthy a pipeline is. Pure.</summary>
/// <remarks>A result says what happened and never carries the exception: hosts log it whole, and a foreign one may quote a row.</remarks>
internal static class PipelineHealth
{
    private const int IntervalsMax = 3;

    /// <summary>Whether the process is worth keeping: false once the pipeline has given up.</summary>
    public static HealthCheckResult Live(PipelinePhase phase, Exception? error) => phase == PipelinePhase.Failed
        ? HealthCheckResult.Unhealthy(Text(error))
        : HealthCheckResult.Healthy(phase.ToString());

    /// <summary>Whether rows flow: it runs, and its last committed checkpoint is not too old.</summary>
    /// <param name="phase">What the pipeline is doing.</param>
    /// <param name="error">Its last fault.</param>
    /// <param name="age">How long ago the last committed checkpoint began, or the pipeline started.</param>
    /// <param name="interval">How often checkpoints are made.</param>
    public static HealthCheckResult Ready(PipelinePhase phase, Exception? error, TimeSpan age, TimeSpan interval) => phase switch
    {
        PipelinePhase.Starting => HealthCheckResult.Unhealthy("It is checking and recovering."),
        PipelinePhase.Restarting => HealthCheckResult.Unhealthy($"It waits to start again after: {Text(error)}"),
        PipelinePhase.Failed => HealthCheckResult.Unhealthy(Text(error)),
        PipelinePhase.Running when interval > TimeSpan.Zero && age > interval * IntervalsMax => HealthCheckResult.Degraded(
            string.Create(CultureInfo.InvariantCulture, $"The last committed checkpoint is {age.TotalSeconds:0} s old; one is due every {interval.TotalSeconds:0.#} s.")),
        _ => HealthCheckResult.Healthy(phase.ToString()),
    };

    private static string? Text(Exception? error) => error is null ? null : FailureText.Of(error);
}

/// <summary>The check <c>{pipeline}-live</c>.</summary>
internal sealed class PipelineLiveCheck(HostedPipeline pipeline) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(PipelineHealth.Live(pipeline.Status.Phase, pipeline.Status.Error));
}

/// <summary>The check <c>{pipeline}-ready</c>.</summary>
internal sealed class PipelineReadyCheck(HostedPipeline pipeline) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        PipelineHealth.Ready(
            pipeline.Status.Phase,
            pipeline.Status.Error,
            pipeline.Time.GetUtcNow() - pipeline.Status.ProgressedAt,
            pipeline.Options.CheckpointInterval));
}
