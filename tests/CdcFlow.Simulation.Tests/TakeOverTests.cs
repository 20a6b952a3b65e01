using CdcFlow.Simulation.Tests.Stand;

namespace CdcFlow.Simulation.Tests;

/// <summary>The pipeline is paused before a step (SIGSTOP, a dead network), a second instance takes over and does all the work, and the first wakes up.</summary>
public sealed class TakeOverTests(ITestOutputHelper output)
{
    public static TheoryData<string> Scenarios => [.. Scenario.All.Select(scenario => scenario.Name)];

    [Theory, MemberData(nameof(Scenarios))]
    public void Instance_that_wakes_too_late_changes_nothing(string name)
    {
        var scenario = Scenario.Named(name);
        var steps = Judge.Run(scenario, new SimulationPlan()).Lives[0].Steps;
        for (var step = 1; step < steps; step++)
        {
            Judge.Run(scenario, new SimulationPlan { Pause = step, KeepsLocks = step % 2 == 0 });
        }

        output.WriteLine($"{name}: paused before each of {steps - 1} steps");
    }

    /// <summary>While both were away the source hung up on the first: it wakes to a failure that would heal, restarts, and must find itself fenced all the same. Its
    /// healthy successor fails meanwhile too, and pauses before it restarts: that is no gap to slip into.</summary>
    [Fact]
    public void Instance_that_wakes_to_a_failure_that_would_heal_does_not_fence_its_successor()
    {
        var steps = Judge.Run(Scenario.Small, new SimulationPlan()).Lives[0].Steps;
        for (var pause = 60; pause < steps; pause += 12)
        {
            for (var wake = 70; wake < steps; wake += 50)
            {
                Judge.Run(Scenario.Small, new SimulationPlan { Seed = pause + wake, Pause = pause, Wake = wake, KeepsLocks = wake % 2 == 0, Faults = true });
            }
        }
    }

    /// <summary>Also between the first reading of the sinks and their fencing, where it may still commit.</summary>
    [Fact]
    public void Instance_that_wakes_while_its_successor_recovers_changes_nothing()
    {
        var runs = 0;
        var steps = Judge.Run(Scenario.Small, new SimulationPlan()).Lives[0].Steps;
        for (var pause = 1; pause < steps; pause += 7)
        {
            for (var wake = 1 + (pause % 3); wake < SimulationRun.RecoverySteps; wake += 3)
            {
                Judge.Run(Scenario.Small, new SimulationPlan { Pause = pause, Wake = wake, WakesInRecovery = true, KeepsLocks = runs++ % 2 == 0 });
            }
        }

        output.WriteLine($"{Scenario.Small}: {runs} pairs of pause and wake-up");
    }

    [Fact]
    public void Instance_that_wakes_while_its_successor_works_changes_nothing()
    {
        var runs = 0;
        var steps = Judge.Run(Scenario.Small, new SimulationPlan()).Lives[0].Steps;
        for (var pause = 1; pause < steps; pause += 3)
        {
            for (var wake = 70; wake < steps; wake += 40)
            {
                Judge.Run(Scenario.Small, new SimulationPlan { Pause = pause, Wake = wake, KeepsLocks = runs++ % 2 == 0 });
            }
        }

        output.WriteLine($"{Scenario.Small}: {runs} pairs of pause and wake-up");
    }
}
