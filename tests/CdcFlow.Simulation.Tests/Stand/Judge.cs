namespace CdcFlow.Simulation.Tests.Stand;

/// <summary>Runs a plan and fails the test with all that is needed to see the failure again.</summary>
internal static class Judge
{
    public static SimulationOutcome Run(Scenario scenario, SimulationPlan plan)
    {
        var outcome = SimulationRun.Of(scenario, plan);
        Assert.True(outcome.Violation is null, $"{scenario.Name}, {plan}, died before [{string.Join("; ", outcome.DiedBefore)}]: {outcome.Violation}");
        return outcome;
    }
}
