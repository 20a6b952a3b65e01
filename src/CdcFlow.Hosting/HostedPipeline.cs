using System.Diagnostics.Metrics;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Configuration;
using CdcFlow.Hosting.Configuration;
using CdcFlow.Hosting.Observation;
using CdcFlow.Runtime;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CdcFlow.Hosting;

/// <summary>A pipeline in a host: its shape, its store, its runner and what is known of it. One singleton for each pipeline that was added.</summary>
/// <remarks>All members may be used from any thread.</remarks>
public sealed class HostedPipeline : IDisposable
{
    private readonly PipelineMetrics metrics;

    private HostedPipeline(PipelineDefinition definition, IServiceProvider services, Func<PipelineOptions, PipelineOptions> adjust)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        Configuration = new PipelineConfiguration(
            definition.Name, configuration, services.GetRequiredService<IHostEnvironment>().IsDevelopment(), adjust);
        UnknownPipelines = [.. Hosting.Configuration.UnknownPipelines.Find(configuration, services.GetServices<PipelineName>())];
        Graph = definition.Graph;
        Fingerprint = definition.Fingerprint;
        Time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        Store = Configuration.Store.Open(definition.Name, Time);
        Log = services.GetRequiredService<ILoggerFactory>().CreateLogger($"CdcFlow.{definition.Name}");
        Status = new PipelineStatus(Time);
        metrics = new PipelineMetrics(services.GetRequiredService<IMeterFactory>(), this);
        Runner = new PipelineRunner(
            definition,
            new PipelineServices
            {
                Connectors = new HostConnectorResolver(Configuration, configuration, Time, new ConnectorLog(Log)),
                Store = Store,
                HostChecks = token => StoreChecks.RunAsync(Configuration.Store, Store, token),
                Time = Time,
                Observer = new HostObserver(this),
                BatchProcessed = metrics.Batch,
            },
            Options);
    }

    /// <summary>The pipeline's shape.</summary>
    public PipelineGraph Graph { get; }

    /// <summary>Runs the pipeline; the host calls it.</summary>
    public PipelineRunner Runner { get; }

    /// <summary>Keeps the pipeline's checkpoints.</summary>
    public ICheckpointStore Store { get; }

    /// <summary>How the pipeline runs.</summary>
    public PipelineOptions Options => Configuration.Options;

    /// <summary>What it is doing.</summary>
    public PipelineStatus Status { get; }

    internal string Fingerprint { get; }

    internal PipelineConfiguration Configuration { get; }

    /// <summary>Sections of the configuration for pipelines that the host does not have.</summary>
    internal IReadOnlyList<PreflightCheck> UnknownPipelines { get; }

    internal TimeProvider Time { get; }

    internal ILogger Log { get; }

    internal PipelineMetrics Metrics => metrics;

    /// <inheritdoc/>
    public void Dispose() => metrics.Dispose();

    internal static HostedPipeline Of<TPipeline>(IServiceProvider services, Func<PipelineOptions, PipelineOptions> adjust)
        where TPipeline : ICdcPipeline<TPipeline> => new(PipelineDefinition.Of<TPipeline>(services), services, adjust);
}
