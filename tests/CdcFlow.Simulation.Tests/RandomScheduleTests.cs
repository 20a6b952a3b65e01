using System.Globalization;
using CdcFlow.Simulation.Tests.Stand;

namespace CdcFlow.Simulation.Tests;

/// <summary>
/// S2: whatever could run at the same time runs in a random order, sinks fail now and then, and the pipeline dies anywhere, several times.
/// <c>CDCFLOW_SEEDS</c> says how many seeds to try; <c>CDCFLOW_SEED</c> repeats one.
/// </summary>
public sealed class RandomScheduleTests(ITestOutputHelper output)
{
    private const int SeedsByDefault = 1000;

    // Three out of four deaths fall into a life's first so many steps, where recovery is; the rest anywhere.
    private const int EarlySteps = 150;
    private const int LateSteps = 700;

    [Fact]
    public void Random_schedules_lose_and_double_nothing()
    {
        var one = Environment.GetEnvironmentVariable("CDCFLOW_SEED");
        var count = Environment.GetEnvironmentVariable("CDCFLOW_SEEDS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : SeedsByDefault;
        var seeds = one is { Length: > 0 } ? [int.Parse(one, CultureInfo.InvariantCulture)] : Enumerable.Range(1, count);
        var deaths = 0;
        foreach (var seed in seeds)
        {
            var random = new Random(seed);
            var scenario = Scenario.All[random.Next(Scenario.All.Count)];
            var outcome = SimulationRun.Of(scenario, PlanOf(seed, random));
            deaths += outcome.DiedBefore.Count(step => step != SimulationOutcome.Ended);
            Assert.True(
                outcome.Violation is null,
                $"CDCFLOW_SEED={seed} repeats it. {scenario}, {PlanOf(seed, new Random(seed))}, died before [{string.Join("; ", outcome.DiedBefore)}]: {outcome.Violation}");
        }

        output.WriteLine($"{(one is null ? count : 1)} seeds, {deaths} deaths");
    }

    private static SimulationPlan PlanOf(int seed, Random random) => new()
    {
        Seed = seed,
        Deaths = [.. Enumerable.Range(0, random.Next(6)).Select(_ => (long)random.Next(1, random.Next(4) > 0 ? EarlySteps : LateSteps))],
        PowerCut = random.Next(2) == 0 ? seed : null,
        Faults = random.Next(2) == 0,
    };
}
