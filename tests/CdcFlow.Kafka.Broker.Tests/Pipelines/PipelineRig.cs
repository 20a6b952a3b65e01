using System.Text.Json;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Configuration;
using CdcFlow.Hosting;
using CdcFlow.Kafka.Client;
using CdcFlow.Runtime;
using CdcFlow.Sources;
using CdcFlow.TestServers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CdcFlow.Kafka.Broker.Tests.Pipelines;

/// <summary>A pipeline with a checkpoint folder and topics of its own on a broker, run as often as one likes.</summary>
internal sealed class PipelineRig<TPipeline>(KafkaServer server) : IDisposable
    where TPipeline : ICdcPipeline<TPipeline>
{
    private static readonly string prefix = $"{TPipeline.Graph.Name}-{Guid.NewGuid():n}";

    private readonly string folder = Directory.CreateTempSubdirectory("cdcflow-kafka-").FullName;

    public string ConnectionString { get; init; } = server.ConnectionString;

    public string Topic { get; init; } = $"{prefix}-items";

    /// <summary>The marker topic; null for the sink's default.</summary>
    public string? Markers { get; init; } = $"{prefix}-markers";

    /// <summary>What transactional ids begin with; null for the sink's default.</summary>
    public string? TransactionalId { get; init; } = prefix;

    /// <summary>The folder of the checkpoints.</summary>
    public string Store => Path.Combine(folder, "checkpoints");

    public Minefield Mines { get; } = new();

    public WaysOut.Program Program { get; } = new();

    /// <summary>What is configured beside the above, and over it.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; set; } = new Dictionary<string, string?>();

    /// <summary>What its processes log.</summary>
    public LogLines Log { get; } = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Makes a process of the pipeline; its runner is not started.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="network">What it is connected through; null for the broker itself.</param>
    public IHost Make(PipelineOptions? options = null, KafkaProxy? network = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var sink = $"CdcFlow:{TPipeline.Graph.Name}:Sinks:bus";
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:bus"] = network is null ? ConnectionString : $"Bootstrap Servers={network.ConnectionString};Timeout=5",
            [$"CdcFlow:{TPipeline.Graph.Name}:Checkpoint:Store"] = Store,
            [$"{sink}:Topic"] = Topic,
            [$"{sink}:MarkerTopic"] = Markers,
            [$"{sink}:TransactionalId"] = TransactionalId,
        });
        builder.Configuration.AddInMemoryCollection(Settings);
        builder.Services.AddLogging(logging => logging.AddProvider(Log));
        builder.Services.AddSingleton(Mines);
        builder.Services.AddSingleton(Program);
        builder.AddCdcPipeline<TPipeline>(adjust: _ => options ?? new PipelineOptions());
        return builder.Build();
    }

    public static PipelineRunner Runner(IHost process) => process.Services.GetRequiredService<HostedPipeline>().Runner;

    /// <summary>Runs it until everything is handed over that was there at the start. What an error advises may be a setting that decides rows; whoever follows it means
    /// it, as with <c>run --accept</c>.</summary>
    public async Task RunAsync(RecoveryOverride? from = null, RestartOptions? restart = null)
    {
        using var process = Make(new PipelineOptions { Boundedness = Boundedness.UntilCaughtUp, RecoverFrom = from, Restart = restart ?? new RestartOptions(), AcceptsDefinition = true });
        await Runner(process).RunAsync(Cancellation);
    }

    /// <summary>What the checks before a start find.</summary>
    public async Task<IReadOnlyList<PreflightCheck>> ChecksAsync()
    {
        using var process = Make();
        return [.. (await Runner(process).PreflightAsync(Cancellation)).SelectMany(report => report.Checks)];
    }

    /// <summary>The items in the topic, in order.</summary>
    public async Task<IReadOnlyList<int>> ItemsAsync(Isolation isolation = Isolation.ReadCommitted)
    {
        await using var reader = TestCluster.Connect(server.ConnectionString);
        return [.. (await reader.ValuesAsync(Topic, isolation)).Select(value => JsonElement.Parse(value)).Select(value => (value.TryGetProperty("after", out var row) ? row : value).GetProperty("id").GetInt32())];
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
