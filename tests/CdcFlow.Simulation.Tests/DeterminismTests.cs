using CdcFlow.Simulation.Tests.Stand;

namespace CdcFlow.Simulation.Tests;

/// <summary>A failure that cannot be seen again is worth nothing: one plan gives one run.</summary>
public sealed class DeterminismTests
{
    public static TheoryData<string> Scenarios => [.. Scenario.All.Select(scenario => scenario.Name)];

    [Theory, MemberData(nameof(Scenarios))]
    public void One_plan_gives_one_trace(string name)
    {
        foreach (var seed in new int?[] { null, 1, 2, 3 })
        {
            var plan = new SimulationPlan { Seed = seed, Deaths = [150, 40, 300], PowerCut = seed, Faults = seed is not null };
            Assert.Equal(Judge.Run(Scenario.Named(name), plan).TraceHash, Judge.Run(Scenario.Named(name), plan).TraceHash);
        }
    }

    [Fact]
    public void Seeds_give_different_traces() =>
        Assert.Equal(20, Enumerable.Range(0, 20).Select(seed => Judge.Run(Scenario.Diamond, new SimulationPlan { Seed = seed }).TraceHash).Distinct().Count());
}
