using CdcFlow.Runtime;
using CdcFlow.Simulation.Tests.Broker;
using CdcFlow.Simulation.Tests.Pipelines;
using CdcFlow.Testing;

namespace CdcFlow.Simulation.Tests.Stand;

/// <summary>A pipeline, what happens to its source, and what its sinks must show.</summary>
/// <param name="Name">For test names.</param>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="Sinks">By the sink's name: the rows it must show for the rows of the source.</param>
/// <param name="Script">What happens, in order.</param>
internal sealed record Scenario(
    string Name, PipelineDefinition Pipeline, IReadOnlyDictionary<string, Func<Item, IEnumerable<Item>>> Sinks, IReadOnlyList<ScriptStep> Script)
{
    /// <summary>Rows that the table has before the pipeline is first started.</summary>
    public IReadOnlyList<Item> Initial { get; init; } = [.. Enumerable.Range(1, 5).Select(id => new Item(id, $"old{id}", id))];

    /// <summary>Whether a sink gets the table's rows by one way: by two, each way keeps its own order with the new columns.</summary>
    public bool HasOrderedSchema { get; init; } = true;

    /// <summary>The node that counts the changes of each key; null: none does.</summary>
    public string? Counter { get; init; }

    /// <summary>Makes what is outside beyond the in-memory systems; null: nothing is.</summary>
    public Func<TestWorld, TimeProvider, IOutside>? Outside { get; init; }

    public static Scenario Linear { get; } = new(
        nameof(Linear), Define<LinearPipeline>(), Same("db"), Scripts.Standard);

    public static Scenario Route { get; } = new(
        nameof(Route), Define<RoutePipeline>(),
        new Dictionary<string, Func<Item, IEnumerable<Item>>>
        {
            ["even"] = item => Shouted(item).Where(shouted => shouted.Group % 2 == 0),
            ["odd"] = item => Shouted(item).Where(shouted => shouted.Group % 2 != 0),
        },
        Scripts.Standard);

    public static Scenario FanOut { get; } = new(
        nameof(FanOut), Define<FanOutPipeline>(), Same("db", "lake", "search"), Scripts.Standard);

    public static Scenario Async { get; } = new(
        nameof(Async), Define<AsyncPipeline>(),
        new Dictionary<string, Func<Item, IEnumerable<Item>>> { ["lake"] = item => [item with { Text = item.Text + "+" }] }, Scripts.Standard);

    /// <summary>Without a truncate: only one way carries it, and the other's rows would stay.</summary>
    public static Scenario Diamond { get; } = new(
        nameof(Diamond), DiamondPipeline.Definition,
        new Dictionary<string, Func<Item, IEnumerable<Item>>> { ["db"] = item => [item, item with { Id = item.Id + DiamondPipeline.Shift }] },
        Scripts.WithoutTruncate)
    {
        HasOrderedSchema = false,
    };

    /// <summary>Little enough for every pair of crashes: a snapshot of three rows, two checkpoints, a stop.</summary>
    public static Scenario Small { get; } = new(
        nameof(Small), Define<SmallPipeline>(), Same("db", "lake"), Scripts.Small)
    {
        Initial = [.. Enumerable.Range(1, 3).Select(id => new Item(id, $"old{id}", id))],
    };

    /// <summary>A node that keeps state, through a snapshot, a truncate, and more checkpoints than are retained.</summary>
    public static Scenario Counting { get; } = new(nameof(Counting), CountingPipeline.Definition, Same("db", "lake"), Scripts.Standard) { Counter = CountingPipeline.Counter };

    /// <summary>Little enough for many crashes, with the sink's topic and marker in a modelled Kafka.</summary>
    public static Scenario Kafka { get; } = new(nameof(Kafka), Define<KafkaPipeline>(), Same("bus", "lake"), Scripts.Small)
    {
        Initial = Small.Initial,
        HasOrderedSchema = false,
        Outside = (world, time) => new KafkaOutside(world, time),
    };

    /// <summary>More changes, truncates among them, and one partition.</summary>
    public static Scenario LinearKafka { get; } = new(nameof(LinearKafka), Define<LinearKafkaPipeline>(), Same("bus"), Scripts.Standard)
    {
        HasOrderedSchema = false,
        Outside = (world, time) => new KafkaOutside(world, time) { Pipeline = LinearKafkaPipeline.Graph.Name },
    };

    public static IReadOnlyList<Scenario> All { get; } = [Linear, Route, FanOut, Async, Diamond, Counting];

    public static Scenario Named(string name) => new[] { Small, Kafka, LinearKafka }.Concat(All).Single(scenario => scenario.Name == name);

    public override string ToString() => Name;

    private static PipelineDefinition Define<TPipeline>()
        where TPipeline : ICdcPipeline<TPipeline> => PipelineDefinition.Of<TPipeline>(new NoServices());

    private static Dictionary<string, Func<Item, IEnumerable<Item>>> Same(params string[] sinks) =>
        sinks.ToDictionary(sink => sink, _ => (Func<Item, IEnumerable<Item>>)(item => [item]));

    private static IEnumerable<Item> Shouted(Item item) => item.Group >= 0 ? [item with { Text = item.Text.ToUpperInvariant() }] : [];

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
