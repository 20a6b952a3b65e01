using CdcFlow.Checkpoints;
using CdcFlow.Simulation.Tests.Museum;
using CdcFlow.Simulation.Tests.Stand;
using CdcFlow.Sinks;

namespace CdcFlow.Simulation.Tests;

/// <summary>One start by mistake, with an empty checkpoint store: it is refused, and the instance that runs makes every checkpoint and loses nothing.</summary>
public sealed class ForeignStartTests(ITestOutputHelper output)
{
    public static TheoryData<string> Scenarios => [nameof(Scenario.Small), nameof(Scenario.Kafka), nameof(Scenario.FanOut), nameof(Scenario.Async)];

    [Theory, MemberData(nameof(Scenarios))]
    public void Start_with_an_empty_store_before_any_step_harms_nobody(string name)
    {
        var scenario = Scenario.Named(name);
        var (steps, started) = Judge.Run(scenario, new SimulationPlan()).Lives[0];
        for (var step = started; step < steps; step++)
        {
            Judge.Run(scenario, new SimulationPlan { ForeignStart = step });
        }

        output.WriteLine($"{scenario}: started before each of steps {started} to {steps - 1}");
    }

    /// <summary>The foreign instance has read the sinks when nobody had opened them yet, and opens them after the other has: only the second reading decides.</summary>
    [Theory, InlineData(nameof(Scenario.Small)), InlineData(nameof(Scenario.Kafka))]
    public void Start_that_has_read_the_sinks_before_they_had_an_owner_is_refused_all_the_same(string name)
    {
        var scenario = Scenario.Named(name);
        var runs = 0;
        for (var pause = 1; pause < StepsBeforeOpening(scenario); pause++, runs++)
        {
            Judge.Run(scenario, new SimulationPlan { ForeignStart = 1, ForeignPause = pause });
        }

        Assert.True(runs > 10, $"It opened a sink at step {runs} already.");
        output.WriteLine($"{scenario}: held after each of its {runs} first steps");
    }

    /// <summary>The instance that runs dies at once after the mistake: its successor, with the right store, goes on.</summary>
    [Fact]
    public void Successor_after_the_mistake_goes_on()
    {
        var (steps, started) = Judge.Run(Scenario.Small, new SimulationPlan()).Lives[0];
        for (var step = started; step < steps; step += 5)
        {
            Judge.Run(Scenario.Small, new SimulationPlan { ForeignStart = step, Deaths = [step + 3] });
        }
    }

    /// <summary>How far a start comes before it changes anything.</summary>
    private static long StepsBeforeOpening(Scenario scenario)
    {
        var opened = long.MaxValue;
        Judge.Run(scenario, new SimulationPlan
        {
            Connectors = (inner, _, process) => new BrokenConnectors(inner, source: null, (_, sink) => new Opening(sink, () => opened = Math.Min(opened, process.Steps))),
        });
        return opened;
    }

    /// <summary>Tells when a sink is being opened.</summary>
    private sealed class Opening(ISinkConnection inner, Action opening) : SinkShell(inner)
    {
        public override ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken)
        {
            opening();
            return base.OpenAsync(context, cancellationToken);
        }
    }
}
