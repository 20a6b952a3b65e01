using CdcFlow.Simulation.Tests.Stand;

namespace CdcFlow.Simulation.Tests;

/// <summary>S1: the pipeline dies before every step, and while it recovers from that, before every step again.</summary>
public sealed class EveryPairOfDeathsTests(ITestOutputHelper output)
{
    [Fact]
    public void Death_during_recovery_loses_and_doubles_nothing()
    {
        var pairs = 0;
        var steps = Judge.Run(Scenario.Small, new SimulationPlan()).Lives[0].Steps;
        for (var first = 1; first <= steps; first++)
        {
            var recovery = Judge.Run(Scenario.Small, new SimulationPlan { Deaths = [first] }).Lives[1].Started;
            for (var second = 1; second <= recovery; second++)
            {
                Judge.Run(Scenario.Small, new SimulationPlan { Deaths = [first, second], PowerCut = second % 2 == 0 ? first : null });
                pairs++;
            }
        }

        output.WriteLine($"{Scenario.Small}: {steps} first deaths, {pairs} pairs");
    }
}
