using CdcFlow.Hosting.Observation;
using CdcFlow.Hosting.Progress;
using Microsoft.Extensions.Hosting;

namespace CdcFlow.Hosting;

/// <summary>Runs one pipeline for as long as the host lives, and stops the host when there is nothing left to run, or when a failure is to end it.</summary>
internal sealed class PipelineService(
    HostedPipeline pipeline, IEnumerable<HostedPipeline> all, IProgressDisplay display, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ended = new CancellationTokenSource();
        var progress = display.RunAsync(pipeline, ended.Token);
        try
        {
            if (pipeline.Configuration is { Store.IsDefault: true, Problems.Count: 0 })
            {
                Log.StoreByDefault(pipeline.Log, HostingErrorCodes.StoreByDefault, pipeline.Graph.Name, Path.GetFullPath(pipeline.Configuration.Store.Directory));
            }

            WarnOfUnknownPipelines();
            await pipeline.Runner.RunAsync(stoppingToken);
        }
        catch (Exception error)
        {
            // The observer has told it, or the first attempt did not come so far; the exit code is how a process says it.
            if (pipeline.Status.Phase != PipelinePhase.Failed)
            {
                Log.Failed(pipeline.Log, pipeline.Graph.Name, FailureText.Of(error));
                Log.FaultInFull(pipeline.Log, pipeline.Graph.Name, error);
            }

            pipeline.Status.Fail(error);
            Environment.ExitCode = Environment.ExitCode == ExitCode.Ok ? ExitCode.Of(error) : Environment.ExitCode;
        }
        finally
        {
            await ended.CancelAsync();
            await EndAsync(progress);
            StopHostWhereDone();
        }
    }

    private void StopHostWhereDone()
    {
        var hasFailed = pipeline.Status.Phase == PipelinePhase.Failed;
        if ((hasFailed && pipeline.Configuration.FailureEndsHost) || all.All(other => other.Status.Phase is PipelinePhase.Ended or PipelinePhase.Failed))
        {
            lifetime.StopApplication();
        }
        else if (hasFailed)
        {
            Log.OthersGoOn(pipeline.Log, pipeline.Graph.Name);
        }
    }

    /// <summary>Once for the host, by the first of its pipelines.</summary>
    private void WarnOfUnknownPipelines()
    {
        foreach (var check in all.First() == pipeline ? pipeline.UnknownPipelines : [])
        {
            Log.PreflightWarning(pipeline.Log, check.Code, "configuration", check.Sentence, check.Fix);
        }
    }

    /// <summary>A display that has failed (its terminal is gone, or another pipeline draws on it) is no reason to fail, however it did.</summary>
    private async Task EndAsync(Task progress)
    {
        try
        {
            await progress;
        }
        catch (Exception error)
        {
            Log.DisplayFailed(pipeline.Log, HostingErrorCodes.OutputFailed, error.Message);
        }
    }
}
