using CdcFlow.Configuration;
using CdcFlow.Kafka;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Sink;
using CdcFlow.Kafka.Tests.Model;
using CdcFlow.Runtime;
using CdcFlow.Simulation.Tests.Pipelines;
using CdcFlow.Simulation.Tests.Stand;
using CdcFlow.Sinks;
using CdcFlow.Sources;
using CdcFlow.Testing;
using CdcFlow.Testing.Kafka;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Simulation.Tests.Broker;

/// <summary>A modelled Kafka cluster outside the pipeline, with the real sink as its client.</summary>
internal sealed class KafkaOutside : IOutside
{
    private readonly TopicMirror mirror;

    public KafkaOutside(TestWorld world, TimeProvider time)
    {
        Kafka = new InMemoryKafka(time);
        mirror = new TopicMirror(Kafka, world.Server("bus", SinkKind.Transactional));
        world.Outputs.Add("bus", new TestOutput("bus", world.Server("bus", SinkKind.Transactional), row => $"{row}"));
    }

    public InMemoryKafka Kafka { get; }

    /// <summary>The pipeline's name, which its marker bears.</summary>
    public string Pipeline { get; init; } = KafkaPipeline.Graph.Name;

    /// <summary>Puts a known bug into the client of one life.</summary>
    public Func<ModelCluster, IKafkaCluster> Client { get; set; } = client => client;

    /// <summary>How often clients ask again.</summary>
    public int Tries { get; init; } = ModelCluster.TriesByDefault;

    public string? Violation => mirror.Violation;

    public IConnectorResolver Connect(IConnectorResolver inner, SimulatedProcess process) => new Resolver(inner, this, process);

    public void Look() => mirror.Look();

    public void Disturb(Random random)
    {
        KafkaRequest[] requests = [KafkaRequest.InitProducerId, KafkaRequest.AddPartitionsToTxn, KafkaRequest.Produce, KafkaRequest.EndTxn, KafkaRequest.Fetch];
        Kafka.Network.Plan(requests[random.Next(requests.Length)], (KafkaFault)random.Next(1, 5), after: random.Next(1, 40));
    }

    /// <summary>Lets the request of a kind after the next <paramref name="nth"/> go astray.</summary>
    public void Disturb(KafkaRequest request, KafkaFault fault, int nth, int after)
    {
        for (var earlier = 0; earlier < nth; earlier++)
        {
            Kafka.Network.Plan(request, KafkaFault.None);
        }

        Kafka.Network.Plan(request, fault, after);
    }

    private sealed class Resolver(IConnectorResolver inner, KafkaOutside outside, SimulatedProcess process) : IConnectorResolver
    {
        public ISourceConnector Source(CdcSourceAttribute attribute) => inner.Source(attribute);

        public ISinkConnection Sink(SinkAttribute attribute, ConnectorSettings settings)
        {
            if (attribute is not KafkaSinkAttribute kafka)
            {
                return inner.Sink(attribute, settings);
            }

            var context = new ConnectorContext(outside.Pipeline, attribute.Connection, "", settings, process.Time, null!, new NoLog());
            var cluster = outside.Client(new ModelCluster(outside.Kafka, process.Time, process.StepAsync) { Tries = outside.Tries });
            return new KafkaSinkConnection(context, KafkaConnectionOptions.Resolve(kafka, context), cluster, "the machine");
        }
    }

    private sealed class NoLog : IConnectorLog
    {
        public void Information(string message)
        {
        }

        public void Warning(string code, string message)
        {
        }
    }
}
