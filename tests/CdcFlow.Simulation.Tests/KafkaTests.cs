using CdcFlow.Simulation.Tests.Stand;

namespace CdcFlow.Simulation.Tests;

/// <summary>The Kafka sink on a modelled cluster: deaths at every step, pauses, and a network that loses, delays and doubles requests.</summary>
public sealed class KafkaTests(ITestOutputHelper output)
{
    public static TheoryData<string> Scenarios => [nameof(Scenario.Kafka), nameof(Scenario.LinearKafka)];

    [Theory, MemberData(nameof(Scenarios))]
    public void Kill_before_any_step_loses_and_doubles_nothing(string name)
    {
        var scenario = Scenario.Named(name);
        var lives = Judge.Run(scenario, new SimulationPlan()).Lives;
        for (var step = 1; step <= lives[0].Steps; step++)
        {
            Judge.Run(scenario, new SimulationPlan { Deaths = [step] });
        }

        output.WriteLine($"{scenario}: died before each of {lives[0].Steps} steps");
    }
}
