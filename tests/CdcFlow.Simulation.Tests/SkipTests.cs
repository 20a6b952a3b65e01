using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpointing.Stores.Files;
using CdcFlow.Runtime;
using CdcFlow.Simulation.Tests.Pipelines;
using CdcFlow.Simulation.Tests.Stand;
using CdcFlow.Sinks;
using CdcFlow.Testing;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Simulation.Tests;

/// <summary><c>skip</c> dies before each of its steps, with or without the power of its machine: the next start goes on from the old checkpoint or from the new one, whole.</summary>
public sealed class SkipTests(ITestOutputHelper output)
{
    private static readonly PipelineOptions options = new() { CheckpointInterval = Timeout.InfiniteTimeSpan };

    [Theory, InlineData(false), InlineData(true)]
    public void Skip_that_dies_at_any_step_has_happened_whole_or_not_at_all(bool cutsPower)
    {
        var (steps, ids) = Run(long.MaxValue, cutPower: null);
        Assert.Equal([1, 2, 3, 11], ids);
        var outcomes = new List<bool>();
        for (var step = 1L; step <= steps; step++)
        {
            (_, ids) = Run(step, cutsPower ? (int)step : null);
            outcomes.Add(!ids.Contains(10));
            Assert.Equal(outcomes[^1] ? [1, 2, 3, 11] : [1, 2, 3, 10, 11], ids);
        }

        Assert.Contains(false, outcomes);
        Assert.Contains(true, outcomes);
        Assert.Equal(outcomes.Order(), outcomes); // once it has happened, no later step undoes it
        output.WriteLine($"died before each of {steps} steps; the first {outcomes.IndexOf(true)} change nothing");
    }

    [Fact]
    public async Task Node_that_keeps_state_has_it_still_in_the_checkpoint_of_a_skip()
    {
        var stand = new World(CountingPipeline.Definition);
        stand.Live();
        var before = (await stand.StoredAsync())[0];
        Assert.NotEmpty(before.SideFiles);
        stand.Database.Transaction(transaction => transaction.Insert(new Item(10, "left out")));
        stand.Skip($"{stand.Database.Head}", long.MaxValue);

        var after = (await stand.StoredAsync())[0];
        Assert.NotEqual(before.Checkpoint, after.Checkpoint);
        Assert.Equal(before.SideFiles, after.SideFiles);
        Assert.Equal(before.Nodes[CountingPipeline.Counter].GetRawText(), after.Nodes[CountingPipeline.Counter].GetRawText());
        stand.Live();
        Assert.Equal([1, 2, 3], stand.Ids("db", SinkKind.Transactional));
    }

    /// <summary>Runs, skips, and runs again, in one world.</summary>
    /// <returns>How many steps the skip made, and the ids that every sink has at the end.</returns>
    private static (long Steps, long[] Ids) Run(long dieBefore, int? cutPower)
    {
        var stand = new World(Scenario.Small.Pipeline);
        stand.Live();
        stand.Database.Transaction(transaction => transaction.Insert(new Item(10, "left out")));
        var place = stand.Database.Head;
        stand.Database.Transaction(transaction => transaction.Insert(new Item(11, "comes")));
        var steps = stand.Skip($"{place}", dieBefore);
        if (cutPower is { } seed)
        {
            stand.Disk.CutPower(new Random(seed));
        }

        stand.Live();
        var (decided, staged) = (stand.Ids("db", SinkKind.Transactional), stand.Ids("lake", SinkKind.Staged));
        Assert.Equal(decided, staged);
        return (steps, decided);
    }

    /// <summary>What outlives the processes.</summary>
    private sealed class World
    {
        private readonly PipelineDefinition pipeline;
        private readonly TestWorld world;
        private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private int lives;

        public World(PipelineDefinition pipeline)
        {
            this.pipeline = pipeline;
            world = new TestWorld(new WorldClock(() => now));
            Database.Snapshot(Scenario.Small.Initial).EndSnapshot<Item>();
        }

        public SimulatedDisk Disk { get; } = new();

        public InMemoryDatabase Database => world.Database("shop");

        /// <summary>Runs the pipeline until it has handed over all that there is, and stops it in good order.</summary>
        public void Live()
        {
            var simulated = new SimulatedProcess(seed: null, now);
            var files = new SimulatedFileSystem(Disk, simulated.Step);
            using var process = new PipelineProcess(pipeline, simulated, Connectors(simulated), Store(files, simulated), options, ++lives);
            Assert.True(simulated.Run(() => process.IsDrained), $"{process.Completion.Exception}");
            process.RequestStop();
            Assert.True(simulated.Run(() => process.Completion.IsCompleted));
            Assert.True(process.Completion.IsCompletedSuccessfully, $"{process.Completion.Exception}");
            files.Die();
            now = simulated.Time.GetUtcNow();
        }

        /// <summary>Does as <c>skip --to shop=PLACE --yes</c> in a process that dies before a step.</summary>
        public long Skip(string place, long dieBefore)
        {
            var simulated = new SimulatedProcess(seed: null, now);
            simulated.DieBefore(dieBefore);
            var files = new SimulatedFileSystem(Disk, simulated.Step);
            var services = new PipelineServices
            {
                Connectors = Connectors(simulated),
                Store = Store(files, simulated),
                Holder = new LeaseHolder("in memory", ++lives, now),
                Time = simulated.Time,
                Scheduler = simulated.Scheduler,
            };
            var runner = new PipelineRunner(pipeline, services, options);
            var skip = Task.Factory.StartNew(
                () => runner.SkipAsync("shop", place, _ => ValueTask.FromResult(true), CancellationToken.None),
                CancellationToken.None, TaskCreationOptions.DenyChildAttach, simulated.Scheduler).Unwrap();
            Assert.Equal(dieBefore == long.MaxValue, simulated.Run(() => skip.IsCompleted) && skip.IsCompletedSuccessfully);
            Assert.Empty(simulated.Escapes);
            simulated.Crash("the end of the skip");
            files.Die();
            now = simulated.Time.GetUtcNow();
            return simulated.Steps;
        }

        public long[] Ids(string sink, SinkKind kind) => [.. world.Server(sink, kind).Rows(sink).Values.Cast<Item>().Select(item => item.Id).Order()];

        /// <summary>The checkpoints of the store, newest first, each readable with its side files.</summary>
        public async Task<List<CheckpointManifest>> StoredAsync() =>
            [.. (await RecoveryFacts.LoadAllAsync(new FileCheckpointStore(pipeline.Name, "/checkpoints", new SimulatedFileSystem(Disk), TimeProvider.System), CancellationToken.None))
                .Select(stored => Assert.IsType<ReadableCheckpoint>(stored).Manifest)];

        private TestConnectors Connectors(SimulatedProcess simulated) =>
            new(world, simulated, new CrashPlan(), new InMemorySourceOptions(Startup.Initial, ChunkRows: 2, RoundChanges: 2, Interleaves: true));

        private FileCheckpointStore Store(SimulatedFileSystem files, SimulatedProcess simulated) => new(pipeline.Name, "/checkpoints", files, simulated.Time);
    }
}
