using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Runtime;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Testing;

/// <summary>One life of the pipeline under test.</summary>
internal sealed class PipelineProcess : IPipelineObserver, IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly BarrierPlan? barriers;
    private bool isPausing;

    public PipelineProcess(
        PipelineDefinition definition, SimulatedProcess simulated, IConnectorResolver connectors, ICheckpointStore store, PipelineOptions options, int life,
        BarrierPlan? barriers = null)
    {
        Simulated = simulated;
        this.barriers = barriers;
        var services = new PipelineServices
        {
            Connectors = connectors,
            Store = store,
            Holder = Holder = new LeaseHolder("in memory", life, simulated.Time.GetUtcNow()),
            Time = simulated.Time,
            Scheduler = simulated.Scheduler,
            Random = new Random(life),
            Observer = this,
            Barriers = barriers,
        };
        Runner = new PipelineRunner(definition, services, options);
        Completion = Runner.RunAsync(stop.Token);
    }

    /// <summary>Its scheduler, clock and steps.</summary>
    public SimulatedProcess Simulated { get; }

    /// <summary>Who it is to the store.</summary>
    public LeaseHolder Holder { get; }

    /// <summary>The engine.</summary>
    public PipelineRunner Runner { get; }

    /// <summary>Completes when the pipeline has ended by itself; never when it was killed.</summary>
    public Task Completion { get; }

    /// <summary>Whether sources have begun to read.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>The epoch of its newest attempt.</summary>
    public Epoch Epoch { get; private set; }

    /// <summary>Whether nothing is in flight and nothing is about to be. While a barrier is held, what waits with it does not count.</summary>
    public bool IsDrained =>
        HasStarted && !isPausing && Simulated.Scheduler.IsIdle && (barriers?.IsWaiting == true || Runner.WhenIdleAsync().IsCompleted);

    /// <summary>Runs until something holds.</summary>
    /// <exception cref="SimulatedCrashException">It has died.</exception>
    public async Task RunAsync(Func<bool> until)
    {
        while (!Simulated.Run(until, jump: false))
        {
            ThrowIfDead();
            if (Completion.IsCompleted)
            {
                await Completion;
                throw new InvalidOperationException("The pipeline has ended: it was stopped, or its sources are bounded and all read.");
            }

            // Only the pause before a restart may be skipped; any other timer is the test's to fire.
            if (!isPausing || !Simulated.Time.TryJumpToNextTimer())
            {
                await Task.WhenAny(Simulated.Scheduler.WhenQueuedAsync(), Completion);
            }
        }
    }

    /// <summary>Whether it was asked to stop.</summary>
    public bool IsStopping => stop.IsCancellationRequested;

    /// <summary>Asks to stop in good order.</summary>
    public void RequestStop() => stop.Cancel();

    /// <summary>Stops in good order.</summary>
    public async Task StopAsync()
    {
        RequestStop();
        await RunAsync(() => Completion.IsCompleted);
        await Completion;
    }

    /// <summary>Kills it if it lives.</summary>
    public void Dispose()
    {
        Simulated.Crash("the end of the test");
        stop.Dispose();
    }

    void IPipelineObserver.Started(Epoch epoch, CheckpointRef? restored)
    {
        HasStarted = true;
        Epoch = epoch;
        isPausing = false;
    }

    void IPipelineObserver.Restarting(Exception cause, TimeSpan pause) => isPausing = true;

    void IPipelineObserver.Waiting(Exception cause, DateTimeOffset since, TimeSpan waitMax) => isPausing = true;

    private void ThrowIfDead()
    {
        if (Simulated.IsDead)
        {
            throw new SimulatedCrashException(Simulated.DiedBefore!);
        }
    }
}
