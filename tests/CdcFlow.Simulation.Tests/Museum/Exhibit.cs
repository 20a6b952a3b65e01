using CdcFlow.IO;
using CdcFlow.Simulation.Tests.Stand;
using CdcFlow.Sinks;
using CdcFlow.Sources;
using CdcFlow.Testing;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Simulation.Tests.Museum;

/// <summary>Where to look for a bug.</summary>
internal enum Search
{
    /// <summary>Undisturbed, then a kill before every step.</summary>
    Kills,

    /// <summary>A power cut before every step, three times each.</summary>
    PowerCuts,

    /// <summary>A pause before every step, and a wake-up in the middle of the successor's life.</summary>
    Pauses,

    /// <summary>A pause before every step, and a wake-up at every step of the successor's recovery.</summary>
    PausesInRecovery,

    /// <summary>A start with an empty store before every step, once the healthy instance has opened its sinks.</summary>
    ForeignStarts,
}

/// <summary>A known bug of the field, put around the right parts by a decorator.</summary>
internal sealed record Exhibit
{
    private static readonly CdcFlowException lostAnswer =
        new(InMemoryErrorCodes.Injected, "The answer is lost.", domain: ErrorDomain.External, isTransient: true);

    public Search Search { get; private init; }

    private Func<ISourceConnector, ISourceConnector>? Source { get; init; }

    private Func<string, ISinkConnection, TestWorld, SimulatedProcess, ISinkConnection>? Sink { get; init; }

    private Func<IFileSystem, IFileSystem> Files { get; init; } = files => files;

    private Action<TestWorld>? Arrange { get; init; }

    public static IReadOnlyDictionary<string, Exhibit> All { get; } = new Dictionary<string, Exhibit>
    {
        [nameof(ConfirmsWhatIsRead)] = new() { Source = source => new ConfirmsWhatIsRead(source) },
        [nameof(ConfirmsInsideTransaction)] = new() { Source = source => new ConfirmsInsideTransaction(source) },
        [nameof(CountsChunksBeforeTheyAreOut)] = new() { Source = source => new CountsChunksBeforeTheyAreOut(source) },
        [nameof(IgnoresTheRowIndex)] = new() { Source = source => new IgnoresTheRowIndex(source) },
        [nameof(ForgetsTheRestOfATransaction)] = new() { Source = source => new ForgetsTheRestOfATransaction(source) },
        [nameof(RepeatsATransaction)] = new() { Source = source => new RepeatsATransaction(source) },
        [nameof(WritesTheMarkerApart)] = new() { Sink = Transactional((right, server, process) => new WritesTheMarkerApart(server, process) { Right = right }) },
        [nameof(CommitsBeforePrepared)] = new() { Sink = Transactional((right, server, process) => new CommitsBeforePrepared(server, process) { Right = right }) },
        [nameof(ResendsAfterALostAnswer)] = new()
        {
            Sink = Transactional((right, server, process) => new ResendsAfterALostAnswer(server, process) { Right = right }),
            Arrange = world => world.Server("db", SinkKind.Transactional).Faults.Add(SinkOperation.Commit, lostAnswer, afterEffect: true),
        },
        [nameof(DoesNotFence)] = new() { Search = Search.Pauses, Sink = Transactional((right, server, process) => new DoesNotFence(server, process) { Right = right }) },
        [nameof(DecidesByTheFirstReading)] = new() { Search = Search.PausesInRecovery, Sink = Transactional((right, server, process) => new DecidesByTheFirstReading(server, process) { Right = right }) },
        [nameof(PreparesBeforeWritesHaveArrived)] = new() { Sink = Transactional((right, server, process) => new PreparesBeforeWritesHaveArrived(server, process) { Right = right }) },
        [nameof(LosesWhatComesWhileBusy)] = new() { Sink = Transactional((right, server, process) => new LosesWhatComesWhileBusy(server, process) { Right = right }) },
        [nameof(DropsWhatAnAbortedCheckpointHad)] = new()
        {
            Sink = (connection, right, world, process) => connection == "db"
                ? new DropsWhatAnAbortedCheckpointHad(world.Server("db", SinkKind.Transactional), process) { Right = right }
                : new PreparesSlowlyOnce(right, process.Time),
            Arrange = _ => { },
        },
        [nameof(NamesWhatIsPrepared)] = new() { Sink = Transactional((right, server, process) => new NamesWhatIsPrepared(server, process) { Right = right }) },
        [nameof(LeavesCommitsOfOthersUndone)] = new() { Sink = (connection, right, _, _) => connection == "lake" ? new LeavesCommitsOfOthersUndone(right) : right },
        [nameof(OpensForAnyStore)] = new() { Search = Search.ForeignStarts, Sink = (connection, right, world, _) => new OpensForAnyStore(right, world.Server(connection, right.Kind)) },
        ["DoesNotFlushFiles"] = new() { Search = Search.PowerCuts, Files = files => new CarelessFiles(files, skipsFiles: true, skipsDirectories: false) },
        ["DoesNotFlushDirectories"] = new() { Search = Search.PowerCuts, Files = files => new CarelessFiles(files, skipsFiles: false, skipsDirectories: true) },
    };

    /// <summary>The same disturbance without a bug.</summary>
    public static Exhibit SlowSinkAlone { get; } = new()
    {
        Sink = (connection, right, _, process) => connection == "lake" ? new PreparesSlowlyOnce(right, process.Time) : right,
        Arrange = _ => { },
    };

    /// <summary>Every plan under which the bug is looked for, with the bug in it.</summary>
    public IEnumerable<SimulationPlan> Plans(long steps) => Disturbances(steps).Select(With);

    private static IEnumerable<SimulationPlan> Deaths(long steps, int? powerCut) =>
        Enumerable.Range(1, (int)steps).Select(step => new SimulationPlan { Deaths = [step], PowerCut = powerCut * step });

    private static IEnumerable<SimulationPlan> Pauses(long steps) =>
        from pause in Enumerable.Range(1, (int)steps)
        from wake in new[] { 80L, 160L }
        select new SimulationPlan { Pause = pause, Wake = wake };

    private static IEnumerable<SimulationPlan> PausesInRecovery(long steps) =>
        from pause in Enumerable.Range(1, (int)steps)
        from wake in Enumerable.Range(1, SimulationRun.RecoverySteps)
        select new SimulationPlan { Pause = pause, Wake = wake, WakesInRecovery = true };

    private static Func<string, ISinkConnection, TestWorld, SimulatedProcess, ISinkConnection> Transactional(
        Func<ISinkConnection, InMemorySinkServer, SimulatedProcess, ISinkConnection> broken) =>
        (connection, right, world, process) => connection == "db" ? broken(right, world.Server("db", SinkKind.Transactional), process) : right;

    private IEnumerable<SimulationPlan> Disturbances(long steps) => Search switch
    {
        Search.PowerCuts => Deaths(steps, 1).Concat(Deaths(steps, 2)).Concat(Deaths(steps, 3)),
        Search.Pauses => Pauses(steps),
        Search.PausesInRecovery => PausesInRecovery(steps),
        Search.ForeignStarts => Enumerable.Range(SimulationRun.RecoverySteps, (int)steps - SimulationRun.RecoverySteps).Select(step => new SimulationPlan { ForeignStart = step }),
        _ => Deaths(steps, null).Prepend(new SimulationPlan()),
    };

    private SimulationPlan With(SimulationPlan plan) => plan with
    {
        Arrange = Arrange,
        Files = Files,
        Connectors = (right, world, process) => new BrokenConnectors(
            right, Source, Sink is null ? null : (connection, sink) => Sink(connection, sink, world, process)),
    };
}
