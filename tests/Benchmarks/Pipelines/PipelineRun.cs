using CdcFlow.Checkpointing.IO;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Configuration;
using CdcFlow.Runtime;
using CdcFlow.Sinks;
using CdcFlow.Sources;

namespace CdcFlow.Benchmarks.Pipelines;

/// <summary>Runs a compiled pipeline in this process, without a host.</summary>
internal static class PipelineRun
{
    internal static PipelineRunner Create<TPipeline>(
        string? connectionString, PipelineOptions options, ICheckpointStore? store = null, IReadOnlyDictionary<string, string>? settings = null, string? sink = null,
        TaskScheduler? scheduler = null)
        where TPipeline : ICdcPipeline<TPipeline> =>
        new(
            PipelineDefinition.Of<TPipeline>(NoServices.Instance),
            new PipelineServices
            {
                Connectors = new Resolver(TPipeline.Graph.Name, connectionString, sink, settings ?? new Dictionary<string, string>()),
                Scheduler = scheduler ?? TaskScheduler.Default,
                Store = store ?? new InMemoryCheckpointStore(TPipeline.Graph.Name, TimeProvider.System),
            },
            options);

    private sealed class Resolver(string pipeline, string? source, string? sink, IReadOnlyDictionary<string, string> settings) : IConnectorResolver
    {
        private ConnectorSettings Settings => new("bench", settings.GetValueOrDefault, []);

        public ISourceConnector Source(CdcSourceAttribute attribute) => attribute.CreateConnector(Context(attribute.Connection, source));

        public ISinkConnection Sink(SinkAttribute attribute, ConnectorSettings settings) => attribute.CreateConnection(Context(attribute.Connection, sink));

        public ConnectorSettings SinkSettings(string name) => Settings;

        private ConnectorContext Context(string connection, string? connectionString) => new(
            pipeline, connection, connectionString, Settings, TimeProvider.System, LocalFileSystem.Default, StandardError.Log);
    }

    private sealed class NoServices : IServiceProvider
    {
        internal static NoServices Instance { get; } = new();

        public object? GetService(Type serviceType) => null;
    }

    private sealed class StandardError : IConnectorLog
    {
        internal static StandardError Log { get; } = new();

        public void Information(string message)
        {
        }

        public void Warning(string code, string message) => Console.Error.WriteLine($"{code}: {message}");
    }
}
