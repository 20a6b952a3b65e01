using CdcFlow.Hosting.Observation;
using CdcFlow.Hosting.Progress;
using Microsoft.Extensions.Hosting;

namespace CdcFlow.Hosting;

/// <summary>Runs one pipeline for as long as the host lives, and stops the host when there is nothing left to run.</summary>
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

            await pipeline.Runner.RunAsync(stoppingToken);
        }
        catch (Exception error)
        {
            // The observer has told it, or the first attempt did not come so far; the exit code is how a process says it.
            pipeline.Status.Fail(error);
            Environment.ExitCode = ExitCode.Of(error);
        }
        finally
        {
            await ended.CancelAsync();
            await progress;
            if (pipeline.Status.Error is not null || all.All(other => other.Status.Phase == PipelinePhase.Ended))
            {
                lifetime.StopApplication();
            }
        }
    }
}
