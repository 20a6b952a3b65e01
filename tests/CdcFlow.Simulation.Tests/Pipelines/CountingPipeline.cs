using CdcFlow.Batches;
using CdcFlow.Operators;
using CdcFlow.Runtime;
using CdcFlow.Testing;

namespace CdcFlow.Simulation.Tests.Pipelines;

/// <summary>One table through a node that counts the changes of each key, and passes them on as they are. By hand: the node keeps state.</summary>
public static class CountingPipeline
{
    /// <summary>The id of the node that counts.</summary>
    public const string Counter = "Counted";

    public static PipelineDefinition Definition { get; } = Define(() => new KeyCounts());

    /// <summary>The pipeline with a state that may have a bug.</summary>
    internal static PipelineDefinition Define(Func<KeyCounts> state) => new(
        new PipelineGraph(
            "counting", Delivery.ExactlyOnce,
            [new("Items", GraphNodeKind.Source, "Item"), new(Counter, GraphNodeKind.Transform, "Item"), new("db", GraphNodeKind.Sink, "Item"), new("lake", GraphNodeKind.Sink, "Item")],
            [new("Items", Counter), new(Counter, "db"), new(Counter, "lake")]),
        builder => Build(builder, state()));

    private static void Build(PipelineBuilder builder, KeyCounts counts)
    {
        var stage = builder.Stage(Counter, builder.Source<Item, ItemCodec>("Items", new InMemorySourceAttribute("shop")));
        var output = stage.Output<Item>(Counter);
        stage.Keep(Counter, counts);
        stage.Run(new CountKeys(output.Collector, counts));
        builder.Sink<Item, ItemCodec>("db", output.Stream, new InMemorySinkAttribute("db"));
        builder.Sink<Item, ItemCodec>("lake", output.Stream, new InMemoryStagedSinkAttribute("lake"));
    }

    private sealed class CountKeys(BatchCollector<Item> output, KeyCounts counts) : IBatchOperator<Item>
    {
        public void Process(ChangeBatch<Item> batch)
        {
            foreach (ref readonly var change in batch.Changes)
            {
                if ((change.After ?? change.Before) is { } row)
                {
                    counts.Add(row.Id);
                }

                output.Add(change);
            }
        }
    }
}
