using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Tests.Model;
using CdcFlow.Simulation.Tests.Broker;
using CdcFlow.Simulation.Tests.Stand;
using CdcFlow.Testing.Kafka;

namespace CdcFlow.Simulation.Tests;

/// <summary>Known bugs of sinks in Kafka, put into the client: a stand that does not find them proves nothing. What finds one must find nothing without it.</summary>
public sealed class KafkaMuseumTests(ITestOutputHelper output)
{
    [Fact]
    public void Marker_that_is_read_before_fencing_is_found() => IsFound(
        LateCommits(impatient: true), (client, kafka) => new ReadsTheMarkerBeforeItFences(client, kafka));

    [Fact]
    public void Marker_that_is_read_up_to_the_last_stable_offset_is_found() => IsFound(
        Enumerable.Range(60, 90).Select(step => new Disturbance(new SimulationPlan { Deaths = [step * 4] }, Stranger: true)),
        (client, kafka) => new ReadsUpToTheLastStableOffset(client, kafka));

    [Fact]
    public void Reports_that_nobody_looks_at_are_found() => IsFound(
        from nth in Enumerable.Range(0, 20)
        select new Disturbance(new SimulationPlan { ArrangeOutside = outside => ((KafkaOutside)outside).Disturb(KafkaRequest.Produce, KafkaFault.RequestLost, nth, 1) }, Impatient: true),
        (client, _) => new DoesNotLookAtReports(client));

    [Fact]
    public void Producer_that_is_kept_over_transactions_is_found() => IsFound(
        LateCommits(impatient: false), (client, _) => new KeepsItsProducers(client));

    private static IEnumerable<Disturbance> LateCommits(bool impatient) =>
        from nth in Enumerable.Range(0, 6)
        from after in Enumerable.Range(1, 40)
        select new Disturbance(
            new SimulationPlan { ArrangeOutside = outside => ((KafkaOutside)outside).Disturb(KafkaRequest.EndTxn, KafkaFault.Delayed, nth, after) }, impatient);

    private void IsFound(IEnumerable<Disturbance> disturbances, Func<IKafkaCluster, InMemoryKafka, IKafkaCluster> broken)
    {
        var runs = 0;
        foreach (var disturbance in disturbances)
        {
            runs++;
            if (SimulationRun.Of(With(disturbance, broken), disturbance.Plan).Violation is { } violation)
            {
                output.WriteLine($"run {runs}: {violation}");
                Judge.Run(With(disturbance, (client, _) => client), disturbance.Plan);
                return;
            }
        }

        Assert.Fail($"It was not found in {runs} runs.");
    }

    private static Scenario With(Disturbance disturbance, Func<IKafkaCluster, InMemoryKafka, IKafkaCluster> broken) => Scenario.Kafka with
    {
        Outside = (world, time) =>
        {
            var outside = new KafkaOutside(world, time) { Tries = disturbance.Impatient ? 0 : ModelCluster.TriesByDefault };
            outside.Client = client => broken(disturbance.Stranger ? new MeetsAStranger(client, outside.Kafka) : client, outside.Kafka);
            return outside;
        },
    };

    /// <summary>Under what a bug is looked for.</summary>
    /// <param name="Plan">The plan.</param>
    /// <param name="Impatient">Whether the client gives up on a request at the first silence.</param>
    /// <param name="Stranger">Whether something else writes to the marker topic.</param>
    private sealed record Disturbance(SimulationPlan Plan, bool Impatient = false, bool Stranger = false);
}
