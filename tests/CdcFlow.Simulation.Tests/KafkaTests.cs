using System.Globalization;
using CdcFlow.Simulation.Tests.Broker;
using CdcFlow.Simulation.Tests.Stand;
using CdcFlow.Testing.Kafka;

namespace CdcFlow.Simulation.Tests;

/// <summary>The Kafka sink on a modelled cluster: deaths at every step, pauses, and a network that loses, delays and doubles requests.</summary>
public sealed class KafkaTests(ITestOutputHelper output)
{
    private const int SeedsByDefault = 300;
    private const int StepsOfALife = 900;

    public static TheoryData<string> Scenarios => [nameof(Scenario.Kafka), nameof(Scenario.LinearKafka)];

    [Theory, MemberData(nameof(Scenarios))]
    public void Kill_before_any_step_loses_and_doubles_nothing(string name)
    {
        var aborted = 0;
        var scenario = Watched(name, cluster => aborted += AbortedRecords(cluster.Kafka));
        var lives = Judge.Run(scenario, new SimulationPlan()).Lives;
        for (var step = 1; step <= lives[0].Steps; step++)
        {
            Judge.Run(scenario, new SimulationPlan { Deaths = [step] });
        }

        Assert.True(aborted > 0, "No reader of uncommitted records would have seen a difference.");
        output.WriteLine($"{scenario}: died before each of {lives[0].Steps} steps; {aborted} records were aborted");
    }

    /// <summary>Every 11th step, and every 7th of the recovery from that: all of them would be a hundred thousand runs.</summary>
    [Fact]
    public void Death_during_recovery_loses_and_doubles_nothing()
    {
        var pairs = 0;
        var steps = Judge.Run(Scenario.Kafka, new SimulationPlan()).Lives[0].Steps;
        for (var first = 1; first <= steps; first += 11)
        {
            var recovery = Judge.Run(Scenario.Kafka, new SimulationPlan { Deaths = [first] }).Lives[1].Started;
            for (var second = 1 + (first % 7); second <= recovery; second += 7)
            {
                Judge.Run(Scenario.Kafka, new SimulationPlan { Deaths = [first, second] });
                pairs++;
            }
        }

        output.WriteLine($"{pairs} pairs");
    }

    [Theory, MemberData(nameof(Scenarios))]
    public void Instance_that_wakes_too_late_changes_nothing(string name)
    {
        var scenario = Scenario.Named(name);
        var steps = Judge.Run(scenario, new SimulationPlan()).Lives[0].Steps;
        for (var step = 1; step < steps; step += 2)
        {
            Judge.Run(scenario, new SimulationPlan { Pause = step });
        }
    }

    [Fact]
    public void Instance_that_wakes_while_its_successor_works_changes_nothing()
    {
        var steps = Judge.Run(Scenario.Kafka, new SimulationPlan()).Lives[0].Steps;
        for (var pause = 1; pause < steps; pause += 7)
        {
            for (var wake = 150; wake < steps; wake += 60)
            {
                Judge.Run(Scenario.Kafka, new SimulationPlan { Pause = pause, Wake = wake });
            }
        }
    }

    [Theory, MemberData(nameof(Scenarios))]
    public void Commit_that_arrives_late_or_twice_ends_no_other_transaction(string name)
    {
        foreach (var fault in new[] { KafkaFault.Duplicated, KafkaFault.Delayed })
        {
            for (var nth = 0; nth < 6; nth++)
            {
                for (var after = 1; after < 40; after++)
                {
                    Judge.Run(Scenario.Named(name), new SimulationPlan { ArrangeOutside = outside => ((KafkaOutside)outside).Disturb(KafkaRequest.EndTxn, fault, nth, after) });
                }
            }
        }
    }

    /// <summary><c>CDCFLOW_SEEDS</c> says how many seeds to try; <c>CDCFLOW_SEED</c> repeats one.</summary>
    [Fact]
    public void Random_schedules_lose_and_double_nothing()
    {
        var one = Environment.GetEnvironmentVariable("CDCFLOW_SEED");
        var count = Environment.GetEnvironmentVariable("CDCFLOW_SEEDS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : SeedsByDefault;
        foreach (var seed in one is { Length: > 0 } ? [int.Parse(one, CultureInfo.InvariantCulture)] : Enumerable.Range(1, count))
        {
            var random = new Random(seed);
            var scenario = random.Next(2) == 0 ? Scenario.Kafka : Scenario.LinearKafka;
            var plan = new SimulationPlan
            {
                Seed = seed,
                Deaths = [.. Enumerable.Range(0, random.Next(5)).Select(_ => (long)random.Next(1, StepsOfALife))],
                PowerCut = random.Next(2) == 0 ? seed : null,
                Faults = random.Next(3) > 0,
            };
            var outcome = SimulationRun.Of(scenario, plan);
            Assert.True(outcome.Violation is null, $"CDCFLOW_SEED={seed} repeats it. {scenario}, {plan}, died before [{string.Join("; ", outcome.DiedBefore)}]: {outcome.Violation}");
        }

        output.WriteLine($"{count} seeds");
    }

    [Fact]
    public void One_plan_gives_one_trace()
    {
        foreach (var seed in new int?[] { null, 1, 2 })
        {
            var plan = new SimulationPlan { Seed = seed, Deaths = [400, 90], Faults = seed is not null };
            Assert.Equal(Judge.Run(Scenario.Kafka, plan).TraceHash, Judge.Run(Scenario.Kafka, plan).TraceHash);
        }
    }

    private static Scenario Watched(string name, Action<KafkaOutside> atTheEnd)
    {
        KafkaOutside? last = null;
        var scenario = Scenario.Named(name);
        return scenario with
        {
            Outside = (world, time) =>
            {
                if (last is not null)
                {
                    atTheEnd(last);
                }

                return last = new KafkaOutside(world, time) { Pipeline = scenario.Pipeline.Name };
            },
        };
    }

    private static int AbortedRecords(InMemoryKafka kafka) => Enumerable.Range(0, 2).Sum(partition =>
        kafka.Peek(new KafkaPartition("items", partition), committedOnly: false).Count - kafka.Peek(new KafkaPartition("items", partition), committedOnly: true).Count);
}
