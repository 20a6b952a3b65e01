using CdcFlow.Simulation.Tests.Stand;

namespace CdcFlow.Simulation.Tests;

/// <summary>S1: the pipeline dies before every single step of fixed scenarios, by kill -9 and by a power cut.</summary>
public sealed class EveryDeathTests(ITestOutputHelper output)
{
    public static TheoryData<string> Scenarios => [.. Scenario.All.Select(scenario => scenario.Name)];

    [Theory, MemberData(nameof(Scenarios))]
    public void Undisturbed_run_is_right(string name) => Judge.Run(Scenario.Named(name), new SimulationPlan());

    [Theory, MemberData(nameof(Scenarios))]
    public void Kill_before_any_step_loses_and_doubles_nothing(string name) => DieEverywhere(Scenario.Named(name), powerCuts: false);

    [Theory, MemberData(nameof(Scenarios))]
    public void Power_cut_before_any_step_loses_and_doubles_nothing(string name) => DieEverywhere(Scenario.Named(name), powerCuts: true);

    /// <summary>Also in the second life of the script, which starts after a stop in good order.</summary>
    private void DieEverywhere(Scenario scenario, bool powerCuts)
    {
        var lives = Judge.Run(scenario, new SimulationPlan()).Lives;
        for (var life = 0; life < lives.Count; life++)
        {
            for (var step = 1; step <= lives[life].Steps; step++)
            {
                Judge.Run(scenario, new SimulationPlan { Deaths = [.. Enumerable.Repeat(0L, life), step], PowerCut = powerCuts ? step : null });
            }
        }

        output.WriteLine($"{scenario}: died before each of {string.Join(" and ", lives.Select(life => life.Steps))} steps");
    }
}
