using CdcFlow.Checkpointing;
using CdcFlow.Checkpointing.Stores.Files;
using CdcFlow.Runtime;
using CdcFlow.Testing;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Simulation.Tests.Stand;

/// <summary>Somebody starts the pipeline once more, by mistake: with an empty checkpoint store, while the instance of the healthy one runs.</summary>
/// <param name="scenario">What is started.</param>
/// <param name="plan">When.</param>
/// <param name="connectors">Makes its connectors to the world in which the healthy instance runs.</param>
internal sealed class ForeignStart(Scenario scenario, SimulationPlan plan, Func<SimulatedProcess, IConnectorResolver> connectors)
{
    private const int StepsMax = 2_000;

    private PipelineProcess? foreign;
    private bool hasEnded;

    /// <summary>What it did wrong; null when nothing.</summary>
    public string? Violation { get; private set; }

    /// <summary>The healthy instance is about to make a step.</summary>
    public void Next(PipelineProcess healthy)
    {
        if (hasEnded || plan.ForeignStart is not { } step || healthy.Simulated.Steps < step)
        {
            return;
        }

        foreign ??= Launch(healthy.Simulated.Time.GetUtcNow());
        var held = plan.ForeignPause is { } pause && !healthy.HasStarted ? pause : StepsMax;
        foreign.Simulated.Run(() => foreign.Completion.IsCompleted || foreign.Simulated.Steps >= held);
        if (foreign.Completion.IsCompleted || held == StepsMax)
        {
            Judge(foreign);
        }
    }

    private PipelineProcess Launch(DateTimeOffset now)
    {
        var simulated = new SimulatedProcess(seed: null, now);
        var store = new FileCheckpointStore(scenario.Pipeline.Name, "/checkpoints", new SimulatedFileSystem(new SimulatedDisk(), simulated.Step), simulated.Time);
        return new PipelineProcess(scenario.Pipeline, simulated, connectors(simulated), store, new PipelineOptions { CheckpointInterval = Timeout.InfiniteTimeSpan }, life: 1_000);
    }

    private void Judge(PipelineProcess process)
    {
        hasEnded = true;
        var end = process.Completion.Exception?.InnerException;
        if (end is not CdcFlowException { Code: CheckpointErrorCodes.ForeignStore or CheckpointErrorCodes.MarkerAhead })
        {
            Violation = $"H9: a start with an empty store was not refused: {end?.Message ?? (process.HasStarted ? "it runs" : "it ended, or waits")}.";
        }

        process.Dispose();
    }
}
