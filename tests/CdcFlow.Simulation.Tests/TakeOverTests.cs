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
            Judge.Run(scenario, new SimulationPlan { Pause = step });
        }

        output.WriteLine($"{name}: paused before each of {steps - 1} steps");
    }
}
