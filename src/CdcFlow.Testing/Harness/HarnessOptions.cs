using CdcFlow.Runtime;

namespace CdcFlow.Testing;

/// <summary>How a pipeline is put under test.</summary>
public sealed class HarnessOptions
{
    private readonly Dictionary<Type, Delegate> makers = [];

    internal Dictionary<Type, object> Services { get; } = [];

    internal DateTimeOffset Start { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal TimeSpan CheckpointInterval { get; private set; } = new PipelineOptions().CheckpointInterval;

    internal int? Seed { get; private set; }

    internal InMemorySourceOptions Reading { get; private set; } = InMemorySourceOptions.Default;

    /// <summary>Serves a parameter of the pipeline's primary constructor.</summary>
    public HarnessOptions WithService<TService>(TService service)
        where TService : class
    {
        Services[typeof(TService)] = service;
        return this;
    }

    /// <summary>Makes up rows for <see cref="PipelineHarness.ConvergesAsync"/>; by default every column is random, and keys are few so that rows meet.</summary>
    /// <param name="make">Makes a row out of nothing but its argument, so that a seed repeats it.</param>
    public HarnessOptions WithRows<T>(Func<Random, T> make)
        where T : class
    {
        makers[typeof(T)] = make;
        return this;
    }

    /// <summary>What the pipeline's clock shows at the start; it stands still until the test moves it. Default: 2026-01-01, UTC.</summary>
    public HarnessOptions WithTime(DateTimeOffset start)
    {
        Start = start;
        return this;
    }

    /// <summary>No checkpoints but those that the test asks for. Without it, one every 10 seconds of the pipeline's clock.</summary>
    public HarnessOptions CheckpointsByHand()
    {
        CheckpointInterval = Timeout.InfiniteTimeSpan;
        return this;
    }

    /// <summary>Runs whatever could run at the same time in a random order that this seed repeats. Default: in the order in which it became runnable.</summary>
    public HarnessOptions WithSeed(int seed)
    {
        Seed = seed;
        return this;
    }

    /// <summary>Lets sources hand over little at a time, the log between the chunks of a snapshot, transactions cut inside: as under load.</summary>
    /// <param name="chunkRows">Snapshot rows at once.</param>
    /// <param name="roundChanges">Changes of the log at once.</param>
    public HarnessOptions ReadingInSmallRounds(int chunkRows = 2, int roundChanges = 2)
    {
        Reading = Reading with { ChunkRows = chunkRows, RoundChanges = roundChanges, Interleaves = true };
        return this;
    }

    /// <summary>What makes up rows of a type; null: the harness does.</summary>
    internal Delegate? MakerOf(Type rowType) => makers.GetValueOrDefault(rowType);
}
