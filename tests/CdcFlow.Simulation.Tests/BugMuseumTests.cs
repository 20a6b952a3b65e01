using CdcFlow.Simulation.Tests.Museum;
using CdcFlow.Simulation.Tests.Pipelines;
using CdcFlow.Simulation.Tests.Stand;

namespace CdcFlow.Simulation.Tests;

/// <summary>Known bugs of the field, put back in: a stand that does not find them proves nothing.</summary>
public sealed class BugMuseumTests(ITestOutputHelper output)
{
    public static TheoryData<string> Exhibits => [.. Exhibit.All.Keys];

    [Theory, MemberData(nameof(Exhibits))]
    public void Bug_is_found(string name)
    {
        var steps = Judge.Run(Scenario.Small, new SimulationPlan()).Lives[0].Steps;
        var runs = 0;
        foreach (var plan in Exhibit.All[name].Plans(steps))
        {
            runs++;
            if (SimulationRun.Of(Scenario.Small, plan).Violation is { } violation)
            {
                output.WriteLine($"{name}: run {runs}, {plan}: {violation}");
                return;
            }
        }

        Assert.Fail($"{name} was not found in {runs} runs.");
    }

    [Theory, InlineData(true), InlineData(false)]
    public void State_that_is_forgotten_is_found(bool atARestart)
    {
        var scenario = Scenario.Counting with { Pipeline = CountingPipeline.Define(() => new KeyCounts { ForgetsWhatIsRestored = atARestart, ForgetsChanges = !atARestart }) };
        var steps = Judge.Run(Scenario.Counting, new SimulationPlan()).Lives[0].Steps;
        var violation = Enumerable.Range(1, (int)steps).Select(step => SimulationRun.Of(scenario, new SimulationPlan { Deaths = [step] }).Violation).FirstOrDefault(found => found is not null);
        Assert.StartsWith("H10", violation, StringComparison.Ordinal);
        output.WriteLine(violation!);
    }

    [Fact]
    public void Checkpoint_that_is_given_up_leaves_its_rows_to_the_next()
    {
        var steps = SimulationRun.Of(Scenario.Small, Exhibit.SlowSinkAlone.Plans(0).First()).Lives[0].Steps;
        foreach (var plan in Exhibit.SlowSinkAlone.Plans(steps))
        {
            Judge.Run(Scenario.Small, plan);
            Judge.Run(Scenario.Small with { Pipeline = CountingPipeline.Definition, Counter = CountingPipeline.Counter }, plan);
        }

        output.WriteLine($"{steps} deaths around a checkpoint that is given up");
    }
}
