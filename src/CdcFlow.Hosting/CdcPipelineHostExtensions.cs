using CdcFlow.Hosting.Configuration;
using CdcFlow.Hosting.Observation;
using CdcFlow.Hosting.Progress;
using CdcFlow.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace CdcFlow.Hosting;

/// <summary>Adds pipelines to a host.</summary>
public static class CdcPipelineHostExtensions
{
    private static readonly TimeSpan shutdownTimeoutDefault = new HostOptions().ShutdownTimeout;

    /// <summary>Adds a pipeline. It starts with the host; when the host stops, it makes a final checkpoint first.</summary>
    /// <remarks>
    /// Configured by <c>ConnectionStrings:{name}</c> and <c>CdcFlow:{pipeline}</c> (docs/reference/configuration.md). When it fails for good, its health
    /// checks say so and the others go on, unless <c>CdcFlow:{pipeline}:FailureEndsHost</c> is true. When all pipelines of the host have ended or failed, the
    /// host stops; the process's exit code is that of the first that failed (<see cref="ExitCode"/>).
    /// Adds health checks <c>{pipeline}-live</c> and <c>{pipeline}-ready</c>, and metrics on the meter <c>CdcFlow</c>.
    /// </remarks>
    /// <param name="builder">The host's builder.</param>
    /// <param name="adjust">Changes the options that the configuration gives; null for none.</param>
    /// <exception cref="InvalidOperationException">A pipeline of this name was added before.</exception>
    public static IHostApplicationBuilder AddCdcPipeline<TPipeline>(
        this IHostApplicationBuilder builder, Func<PipelineOptions, PipelineOptions>? adjust = null)
        where TPipeline : ICdcPipeline<TPipeline>
    {
        var name = TPipeline.Graph.Name;
        if (builder.Services.Any(service => service.ServiceType == typeof(HostedPipeline) && name.Equals(service.ServiceKey)))
        {
            throw new InvalidOperationException($"A pipeline named '{name}' was added before.");
        }

        var services = builder.Services;
        services.AddMetrics();
        services.AddSingleton(new PipelineName(name));
        services.TryAddSingleton<IProgressDisplay>(_ => new LogProgress());
        services.AddKeyedSingleton(name, (provider, _) => HostedPipeline.Of<TPipeline>(provider, adjust ?? (options => options)));
        services.AddSingleton(provider => provider.GetRequiredKeyedService<HostedPipeline>(name));
        services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<PipelineService>(provider, Pipeline(provider)));
        services.AddOptions<HostOptions>().PostConfigure<IServiceProvider>((options, provider) => WaitForFinalCheckpoint(options, Pipeline(provider)));
        services.AddHealthChecks()
            .Add(new HealthCheckRegistration($"{name}-live", provider => new PipelineLiveCheck(Pipeline(provider)), failureStatus: null, ["live"]))
            .Add(new HealthCheckRegistration($"{name}-ready", provider => new PipelineReadyCheck(Pipeline(provider)), failureStatus: null, ["ready"]));
        return builder;

        HostedPipeline Pipeline(IServiceProvider provider) => provider.GetRequiredKeyedService<HostedPipeline>(name);
    }

    // A host that gives up earlier loses nothing, but what was read since the last checkpoint is read again.
    private static void WaitForFinalCheckpoint(HostOptions options, HostedPipeline pipeline)
    {
        // The timeout holds twice: until all have prepared, and until all have committed. One that is out of range ends the start anyway.
        var timeout = pipeline.Options.CheckpointTimeout.Ticks;
        var needed = TimeSpan.FromTicks(Math.Clamp(timeout, 0, TimeSpan.FromDays(10).Ticks) * 2) + shutdownTimeoutDefault;
        if (options.ShutdownTimeout >= shutdownTimeoutDefault && options.ShutdownTimeout < needed)
        {
            options.ShutdownTimeout = needed;
        }
    }
}
