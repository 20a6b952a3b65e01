using CdcFlow.Checkpointing.Stores.Files;
using CdcFlow.Checkpoints;
using CdcFlow.Runtime;
using CdcFlow.Simulation.Tests.Pipelines;
using CdcFlow.Testing;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Simulation.Tests.Stand;

/// <summary>One run of a scenario under a plan: life after life of the pipeline, in one world that outlives them.</summary>
internal sealed class SimulationRun
{
    /// <summary>A life that makes more steps than this will not come to an end (H8): the longest undisturbed one makes a fraction of it.</summary>
    private const int StepsMax = 20_000;

    /// <summary>More than a life takes to recover before it reads.</summary>
    public const int RecoverySteps = 90;

    private static readonly DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly InMemorySourceOptions reading = new(Startup.Initial, ChunkRows: 2, RoundChanges: 2, Interleaves: true);

    private readonly Scenario scenario;
    private readonly SimulationPlan plan;
    private readonly TestWorld world;
    private readonly SimulatedDisk disk = new();
    private readonly History history;
    private readonly List<(long, long)> lives = [];
    private readonly List<string> deaths = [];
    private readonly FaultPlan? faults;
    private readonly IOutside? outside;
    private readonly ForeignStart foreign;
    private SimulatedProcess? current;
    private PipelineProcess? paused;
    private bool hasPaused;
    private DateTimeOffset now = start;
    private ulong hash;
    private int position;

    private SimulationRun(Scenario scenario, SimulationPlan plan)
    {
        this.scenario = scenario;
        this.plan = plan;
        world = new TestWorld(new WorldClock(() => now));
        world.Database("shop").Snapshot(scenario.Initial).EndSnapshot<Item>();
        outside = scenario.Outside?.Invoke(world, new WorldClock(() => current?.Time.GetUtcNow() ?? now));
        plan.Arrange?.Invoke(world);
        plan.ArrangeOutside?.Invoke(outside!);
        history = new History(scenario, world, outside);
        foreign = new ForeignStart(scenario, plan, ConnectorsOf);
        faults = plan.Faults ? new FaultPlan(plan.Seed ?? 0, world, outside) : null;
    }

    public static SimulationOutcome Of(Scenario scenario, SimulationPlan plan) => new SimulationRun(scenario, plan).Run();

    private SimulationOutcome Run()
    {
        while (history.Violation is null && position < scenario.Script.Count)
        {
            Live(plan.Deaths.ElementAtOrDefault(lives.Count));
        }

        Wake();

        if (history.Violation is null)
        {
            history.LookAtTheEnd();
        }

        return new SimulationOutcome(history.Violation, lives, hash, deaths);
    }

    private void Live(long dieBefore)
    {
        var simulated = new SimulatedProcess(plan.Seed is { } seed ? seed + lives.Count : null, now);
        var files = new SimulatedFileSystem(disk, simulated.Step);
        simulated.DieBefore(dieBefore > 0 ? dieBefore : long.MaxValue);
        var process = Launch(simulated, files);
        var started = 0L;
        FollowScript(process, () => started = started == 0 && process.HasStarted ? simulated.Steps : started);
        history.Require(simulated.Escapes.Count == 0, $"H0: left the scheduler: {string.Join(", ", simulated.Escapes.Distinct())}");
        lives.Add((simulated.Steps, started));
        hash = (hash * 31) + simulated.TraceHash;
        now = simulated.Time.GetUtcNow();
        if (IsPauseOf(process))
        {
            Pause(process);
        }
        else
        {
            End(process, files);
        }
    }

    private PipelineProcess Launch(SimulatedProcess simulated, SimulatedFileSystem files)
    {
        current = simulated;
        var store = new FileCheckpointStore(scenario.Pipeline.Name, "/checkpoints", plan.Files(files), simulated.Time);
        var options = new PipelineOptions { CheckpointInterval = Timeout.InfiniteTimeSpan, RetainedCheckpoints = 2 };
        return new PipelineProcess(scenario.Pipeline, simulated, ConnectorsOf(simulated), new RecordingStore(store, history), options, lives.Count + 1);
    }

    private IConnectorResolver ConnectorsOf(SimulatedProcess simulated)
    {
        IConnectorResolver real = new TestConnectors(world, simulated, new CrashPlan(), reading);
        return plan.Connectors(outside?.Connect(real, simulated) ?? real, world, simulated);
    }

    private void End(PipelineProcess process, SimulatedFileSystem files)
    {
        var died = process.Simulated.IsDead;
        process.Dispose();
        deaths.Add(died ? process.Simulated.DiedBefore! : SimulationOutcome.Ended);
        files.Die();
        if (died && plan.PowerCut is { } cut)
        {
            disk.CutPower(new Random(cut + lives.Count));
        }
    }

    /// <summary>A process that is stopped keeps its locks. On a shared directory, the server takes back those of a machine that does not answer.</summary>
    private void Pause(PipelineProcess process)
    {
        (paused, hasPaused) = (process, true);
        if (!plan.KeepsLocks)
        {
            disk.Locks.Clear();
        }
    }

    /// <summary>The paused instance wakes after a successor has taken over: nothing it still tries may have an effect.</summary>
    private void Wake()
    {
        if (paused is not { } zombie || history.Violation is not null)
        {
            return;
        }

        paused = null;
        var neverHadIt = history.NeverHadIt(zombie.Holder);
        zombie.Simulated.Time.Advance(now - zombie.Simulated.Time.GetUtcNow());
        zombie.Simulated.Run(() =>
        {
            history.Look();
            return history.Violation is not null || zombie.Completion.IsCompleted || zombie.Simulated.Steps > StepsMax;
        });
        history.Look();

        // One that was to stop ends in any case.
        // One that was paused before it had the lease is an instance like any other: it may take it when its successor has given it back.
        var end = zombie.Completion.Exception?.InnerException;
        history.Require(end is CdcFlowException { IsFenced: true } || neverHadIt || zombie.IsStopping, $"H9: the paused instance woke up and was not fenced: {end?.Message ?? "it ended well"}.");
        zombie.Dispose();
    }

    private bool IsPauseOf(PipelineProcess process) => !hasPaused && process.Simulated.Steps >= plan.Pause && !process.Completion.IsCompleted;

    /// <summary>Goes on where the last life left the script; what it was in the middle of is asked for again.</summary>
    private void FollowScript(PipelineProcess process, Action look)
    {
        // Reading ends with a stop, so one that was cut short begins with catching up.
        position -= position < scenario.Script.Count && scenario.Script[position] is ScriptStep.Stop ? 1 : 0;
        while (position < scenario.Script.Count && Do(scenario.Script[position], process, look))
        {
            position++;
            if (scenario.Script[position - 1] is ScriptStep.Stop)
            {
                return;
            }
        }
    }

    private bool Do(ScriptStep step, PipelineProcess process, Action look)
    {
        switch (step)
        {
            case ScriptStep.Commit commit:
                world.Database("shop").Transaction(commit.Write);
                return true;
            case ScriptStep.Run run:
                var until = process.Simulated.Steps + run.Steps;
                return RunUntil(process, () => process.Simulated.Steps >= until || process.IsDrained, look);
            case ScriptStep.Reach reach:
                return RunUntil(process, () => process.IsDrained || HasReached(process, reach.Offset), look);
            case ScriptStep.Checkpoint:
                return MakeCheckpoint(process, look);
            case ScriptStep.Drain:
                return RunUntil(process, () => process.IsDrained, look);
            default:
                process.RequestStop();
                return RunUntil(process, () => process.Completion.IsCompleted, look, mayEnd: true);
        }
    }

    private static bool HasReached(PipelineProcess process, SourceOffset offset) =>
        process.Runner.Progress.TryGetValue("shop", out var progress) && InMemorySourceReader.OffsetOf(progress) >= offset;

    private bool MakeCheckpoint(PipelineProcess process, Action look)
    {
        while (true)
        {
            Task<CheckpointRef> checkpoint = process.Runner.CheckpointAsync(CancellationToken.None);
            if (!RunUntil(process, () => checkpoint.IsCompleted, look))
            {
                return false;
            }

            if (checkpoint.IsCompletedSuccessfully)
            {
                return true;
            }

            history.Require(plan.MayFail, $"H8: a checkpoint failed: {checkpoint.Exception?.InnerException?.Message}");
            if (history.Violation is not null)
            {
                return false;
            }
        }
    }

    /// <summary>Runs; false when the process died or paused, or something is wrong.</summary>
    private bool RunUntil(PipelineProcess process, Func<bool> until, Action look, bool mayEnd = false)
    {
        var holds = process.Simulated.Run(() =>
        {
            look();
            history.Look();
            faults?.Next();
            foreign.Next(process);
            history.Require(foreign.Violation is null, $"{foreign.Violation}");
            if (process.Simulated.Steps >= plan.Wake && (process.HasStarted || (plan.WakesInRecovery && history.IsNewest(process.Holder))))
            {
                Wake();
            }

            history.Require(process.Simulated.Steps < StepsMax, $"H8: no end after {StepsMax} steps.");
            return history.Violation is not null || process.Completion.IsCompleted || IsPauseOf(process) || until();
        });
        history.Look();
        var failedToStop = plan.MayFail && mayEnd && process.Completion.IsFaulted;
        if (process.Simulated.IsDead || history.Violation is not null || IsPauseOf(process) || failedToStop)
        {
            return false;
        }

        history.Require(!process.Completion.IsFaulted, $"H8: the pipeline ended: {process.Completion.Exception?.InnerException?.Message}");
        history.Require(mayEnd || !process.Completion.IsCompleted, $"H8: the pipeline ended unasked.");
        history.Require(holds, $"H8: nothing is runnable and no timer is set, but there is work left.");
        return history.Violation is null;
    }
}
