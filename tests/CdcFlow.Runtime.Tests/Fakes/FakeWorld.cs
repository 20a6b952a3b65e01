using CdcFlow.Checkpointing.Stores;
using CdcFlow.Configuration;
using CdcFlow.Sinks;
using CdcFlow.Sources;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Runtime.Tests.Fakes;

/// <summary>Everything outside a pipeline: source logs, sink storages and the checkpoint store, by name. Pipelines come and go in it.</summary>
public sealed class FakeWorld : IConnectorResolver
{
    public Dictionary<string, FakeLog> Logs { get; } = [];

    public Dictionary<string, FakeStorage> Storages { get; } = [];

    public InMemoryCheckpointStore Store { get; set; } = new("test", TimeProvider.System);

    /// <summary>Takes the place of <see cref="Store"/>; null for none.</summary>
    public ICheckpointStore? OtherStore { get; set; }

    /// <summary>Where and by which clock pipelines run; null for the thread pool and the system's clock.</summary>
    public SimulatedProcess? Process { get; set; }

    public RecordingObserver Observer { get; } = new();

    /// <summary>Is told of batches as <see cref="PipelineServices.BatchProcessed"/> says; null for nobody.</summary>
    public Action<string, TimeSpan>? BatchProcessed { get; set; }

    public ISourceConnector Source(CdcSourceAttribute attribute) => new FakeSourceConnector(Logs[attribute.Connection]);

    public ISinkConnection Sink(SinkAttribute attribute, ConnectorSettings settings) => new FakeSinkConnection(Storages[attribute.Connection]);

    public FakeLog Log(string name, int roundLength = 3) => Logs[name] = new FakeLog(roundLength);

    public FakeStorage Storage(string name, SinkKind kind) => Storages[name] = new FakeStorage(kind);

    public PipelineRunner Runner(Action<PipelineBuilder> build, PipelineOptions? options = null, params IReadOnlyList<GraphNode> nodes) => new(
        new PipelineDefinition(new PipelineGraph("test", Delivery.ExactlyOnce, nodes, []), build),
        new PipelineServices
        {
            Connectors = this,
            Store = OtherStore ?? Store,
            Observer = Observer,
            BatchProcessed = BatchProcessed,
            Random = new Random(1),
            Scheduler = Process?.Scheduler ?? TaskScheduler.Default,
            Time = Process?.Time ?? TimeProvider.System,
        },
        options ?? ByHand);

    /// <summary>Checkpoints only when asked for, restarts at once.</summary>
    public static PipelineOptions ByHand { get; } = new()
    {
        CheckpointInterval = Timeout.InfiniteTimeSpan,
        Restart = new RestartOptions { BackoffMin = TimeSpan.Zero, BackoffMax = TimeSpan.Zero },
    };

    /// <summary>Reads what is there, commits it and ends.</summary>
    public static PipelineOptions UntilCaughtUp { get; } = ByHand with { Boundedness = Boundedness.UntilCaughtUp };

    public static IEnumerable<Item> Items(int from, int count) => Enumerable.Range(from, count).Select(id => new Item(id));
}
