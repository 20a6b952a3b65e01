using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Runtime;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Testing;

/// <summary>Runs a whole pipeline in memory, under the test's control: it moves only inside the methods that say so, and dies where the test wants.</summary>
/// <remarks>
/// Every source and sink is replaced by an in-memory one of the same kind; transforms, checkpoints, recovery and restarts are the real ones. Nothing waits for
/// a timer: <see cref="DrainAsync"/> counts what is in flight. Databases, sinks and checkpoints outlive a crash, the pipeline's process does not.
/// Not thread-safe: one call at a time.
/// </remarks>
public sealed class PipelineHarness : IAsyncDisposable
{
    private readonly HarnessOptions options;
    private readonly PipelineDefinition definition;
    private readonly InMemoryCheckpointStore store;
    private readonly List<string> deaths = [];
    private TestConnectors? connectors;
    private PipelineProcess process;

    private PipelineHarness(PipelineDefinition definition, HarnessOptions options)
    {
        this.definition = definition;
        this.options = options;
        Barrier = new BarrierPlan(definition.Graph);
        var clock = new WorldClock(() => process?.Simulated.Time.GetUtcNow() ?? options.Start);
        World = new TestWorld(clock);
        store = new InMemoryCheckpointStore(definition.Name, clock);
        process = Launch(options.Start);
    }

    /// <summary>The pipeline's shape.</summary>
    public PipelineGraph Graph => definition.Graph;

    /// <summary>Where the pipeline shall die.</summary>
    public CrashPlan Crash { get; } = new();

    /// <summary>Where barriers shall wait, so that a test can look at a checkpoint that is under way.</summary>
    public BarrierPlan Barrier { get; }

    /// <summary>The pipeline's clock. It stands still unless <see cref="AdvanceAsync"/> moves it or a failed pipeline waits to restart.</summary>
    public TimeProvider Time => process.Simulated.Time;

    /// <summary>What outlives the pipeline.</summary>
    internal TestWorld World { get; }

    /// <summary>Starts a pipeline and waits until its sources have begun to read.</summary>
    /// <typeparam name="TPipeline">The pipeline class.</typeparam>
    public static async Task<PipelineHarness> StartAsync<TPipeline>(Action<HarnessOptions>? configure = null)
        where TPipeline : ICdcPipeline<TPipeline>
    {
        var options = new HarnessOptions();
        configure?.Invoke(options);
        return await StartAsync(PipelineDefinition.Of<TPipeline>(new TestServices(options.Services)), options);
    }

    /// <summary>Random inserts, updates, key updates and deletes in every source, checkpoints while they are under way, a crash in each checkpoint:
    /// at the end every sink must show what it shows without a crash, each change once and in order.</summary>
    /// <typeparam name="TPipeline">The pipeline class.</typeparam>
    /// <param name="at">Where to crash.</param>
    /// <param name="seed">Decides the changes and the order of whatever runs at the same time; repeats a failure.</param>
    /// <param name="changes">How many changes.</param>
    /// <param name="configure">Services, and <see cref="HarnessOptions.WithRows{T}"/> where rows cannot be made up.</param>
    /// <exception cref="AuditException">A sink shows something else.</exception>
    public static Task ConvergesAsync<TPipeline>(CrashPoint at, int seed, int changes, Action<HarnessOptions>? configure = null)
        where TPipeline : ICdcPipeline<TPipeline>
    {
        var options = new HarnessOptions();
        configure?.Invoke(options);
        var definition = PipelineDefinition.Of<TPipeline>(new TestServices(options.Services));
        return new Convergence(definition, configure, seed, changes).RequireAsync(at);
    }

    /// <summary>A source, by its typed name: <c>OrdersPipeline.Sources.Orders</c>.</summary>
    public TestSource<T> Source<T>(SourceRef<T> source)
        where T : class => World.Tables.GetValueOrDefault(source.NodeId) is TestTable<T> table
            ? new TestSource<T>(source.NodeId, table.Database, table.KeyOf)
            : throw new ArgumentException($"Pipeline '{definition.Name}' has no source '{source.NodeId}' of {typeof(T).Name}.", nameof(source));

    /// <summary>A sink, by its typed name: <c>OrdersPipeline.Sinks.Search</c>.</summary>
    public TestSink<T> Sink<T>(SinkRef<T> sink)
        where T : class => World.Outputs.GetValueOrDefault(sink.Name) is { } output
            ? new TestSink<T>(sink.Name, output.Connection, output.Server, () => connectors!.Sessions[output.Connection].Staged, Story)
            : throw new ArgumentException($"Pipeline '{definition.Name}' has no sink '{sink.Name}'.", nameof(sink));

    /// <summary>Lets the pipeline run until nothing is in flight: all that is in the sources has reached the sinks. Makes no checkpoint.</summary>
    /// <exception cref="SimulatedCrashException">The pipeline died, as the test wanted.</exception>
    /// <exception cref="CdcFlowException">The pipeline has ended with an error.</exception>
    public Task DrainAsync() => process.RunAsync(() => process.IsDrained);

    /// <summary>Makes a checkpoint: one barrier through the graph, prepare, commit, confirm.</summary>
    /// <exception cref="SimulatedCrashException">The pipeline died, as the test wanted.</exception>
    /// <exception cref="CdcFlowException">The checkpoint failed; the pipeline restarts by itself when next drained, if the failure was transient.</exception>
    /// <exception cref="InvalidOperationException">A barrier is held (<see cref="Barrier"/>).</exception>
    public async Task<CheckpointRef> CheckpointAsync()
    {
        Barrier.ThrowIfHolding();
        Crash.Reached(process.Simulated, CrashPoint.BeforeBarrier);
        var checkpoint = process.Runner.CheckpointAsync(CancellationToken.None);
        await process.RunAsync(() => checkpoint.IsCompleted);
        return await checkpoint;
    }

    /// <summary>Asks for a checkpoint and does not wait: it is made as far as barriers are not held when the pipeline next moves.</summary>
    /// <returns>Completes with the checkpoint, which is then committed.</returns>
    public Task<CheckpointRef> RequestCheckpoint() => process.Runner.CheckpointAsync(CancellationToken.None);

    /// <summary>Moves the pipeline's clock, from timer to timer; after each the pipeline runs until nothing is in flight.</summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        await DrainAsync();
        var target = Time.GetUtcNow() + time;
        while (process.Simulated.Time.TryJumpToNextTimer(target))
        {
            await DrainAsync();
        }

        process.Simulated.Time.Advance(target - Time.GetUtcNow());
    }

    /// <summary>Starts the pipeline again after a crash; kills it first if it lives. It goes on from the last checkpoint.</summary>
    public async Task RestartAsync()
    {
        process.Simulated.Crash("RestartAsync");
        deaths.Add(process.Simulated.DiedBefore!);
        process.Dispose();
        Barrier.Forget();
        store.AbandonLease();
        process = Launch(process.Simulated.Time.GetUtcNow());
        await process.RunAsync(() => process.HasStarted);
    }

    /// <summary>Stops the pipeline in good order: final checkpoint, commit, end.</summary>
    /// <exception cref="InvalidOperationException">A barrier is held (<see cref="Barrier"/>).</exception>
    public Task StopAsync()
    {
        Barrier.ThrowIfHolding();
        return process.StopAsync();
    }

    /// <summary>Kills the pipeline if it still runs.</summary>
    public ValueTask DisposeAsync()
    {
        process.Dispose();
        return ValueTask.CompletedTask;
    }

    internal static async Task<PipelineHarness> StartAsync(PipelineDefinition definition, HarnessOptions options)
    {
        var harness = new PipelineHarness(definition, options);
        await harness.process.RunAsync(() => harness.process.HasStarted);
        return harness;
    }

    private PipelineProcess Launch(DateTimeOffset start)
    {
        var simulated = new SimulatedProcess(options.Seed is { } seed ? seed + deaths.Count : null, start);
        connectors = new TestConnectors(World, simulated, Crash, options.Reading);
        return new PipelineProcess(
            definition, simulated, connectors, new CrashingStore(store, simulated, Crash),
            new PipelineOptions { CheckpointInterval = options.CheckpointInterval }, life: deaths.Count + 1, Barrier);
    }

    /// <summary>What a person needs to see a failure again.</summary>
    internal string Story() =>
        $"Seed: {options.Seed?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none (in order)"}. Deaths: {(deaths.Count == 0 ? "none" : string.Join("; ", deaths))}.";
}
