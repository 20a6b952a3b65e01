using System.Globalization;
using CdcFlow.IO;
using CdcFlow.Runtime;
using CdcFlow.Testing;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Simulation.Tests.Stand;

/// <summary>What a run is up against.</summary>
internal sealed record SimulationPlan
{
    /// <summary>The order of whatever could run at the same time; null: in the order in which it became runnable.</summary>
    public int? Seed { get; init; }

    /// <summary>Life by life, the step before which the process dies; it lives on after these.</summary>
    public IReadOnlyList<long> Deaths { get; init; } = [];

    /// <summary>Decides what a power cut, in place of a mere kill -9, leaves of what was never flushed; null: no power cut.</summary>
    public int? PowerCut { get; init; }

    /// <summary>Lets sinks fail now and then without a crash, decided by the seed.</summary>
    public bool Faults { get; init; }

    /// <summary>Prepares the world before the first life, for instance a failure of a sink; calls may then fail.</summary>
    public Action<TestWorld>? Arrange { get; init; }

    /// <summary>Prepares what is outside before the first life; calls may then fail.</summary>
    public Action<IOutside>? ArrangeOutside { get; init; }

    /// <summary>The step before which the first life is paused, to wake when its successor has done all the work; null: no pause.</summary>
    public long? Pause { get; init; }

    /// <summary>The step of the second life at which the paused one wakes; null: when all the work is done.</summary>
    public long? Wake { get; init; }

    /// <summary>Whether it wakes at that step also while the second life still recovers, once that has the lease.</summary>
    public bool WakesInRecovery { get; init; }

    /// <summary>Whether the paused instance keeps its locks, as one that was stopped on the same machine does.</summary>
    public bool KeepsLocks { get; init; }

    /// <summary>The step of the healthy instance before which somebody starts the pipeline with an empty store; null: nobody does.</summary>
    public long? ForeignStart { get; init; }

    /// <summary>After how many steps that start is held until the healthy instance has opened its sinks; null: it is not.</summary>
    public long? ForeignPause { get; init; }

    /// <summary>Puts a known bug around the connectors of one life.</summary>
    public Func<IConnectorResolver, TestWorld, SimulatedProcess, IConnectorResolver> Connectors { get; init; } = (connectors, _, _) => connectors;

    /// <summary>Puts a known bug around the disk.</summary>
    public Func<IFileSystem, IFileSystem> Files { get; init; } = files => files;

    /// <summary>Whether a checkpoint may fail without a crash.</summary>
    public bool MayFail => Faults || Arrange is not null || ArrangeOutside is not null || Pause is not null;

    public override string ToString() =>
        $"seed {Seed?.ToString(CultureInfo.InvariantCulture) ?? "none"}, dies before step {string.Join(", then ", Deaths)}"
        + $"{(PowerCut is { } cut ? $", power cut {cut}" : "")}{(Pause is { } pause ? $", paused before step {pause}, woken {(Wake is { } wake ? $"at step {wake} of its successor" : "at the end")}{(WakesInRecovery ? ", in its recovery too" : "")}{(KeepsLocks ? ", with its locks kept" : "")}" : "")}{(ForeignStart is { } foreign ? $", started with an empty store before step {foreign}{(ForeignPause is { } held ? $" and held after {held} steps" : "")}" : "")}{(Faults ? ", with faults" : "")}";
}
