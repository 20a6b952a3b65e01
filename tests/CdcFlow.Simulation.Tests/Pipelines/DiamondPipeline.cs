using CdcFlow.Batches;
using CdcFlow.Operators;
using CdcFlow.Runtime;
using CdcFlow.Testing;

namespace CdcFlow.Simulation.Tests.Pipelines;

/// <summary>One table through two ways that meet again: a barrier must be aligned where they meet. By hand, on the public builder.</summary>
public static class DiamondPipeline
{
    /// <summary>What the second way adds to a key, so that the ways' rows stay apart.</summary>
    public const long Shift = 1000;

    public static PipelineDefinition Definition { get; } = new(
        new PipelineGraph(
            "diamond", Delivery.ExactlyOnce,
            [
                new("Items", GraphNodeKind.Source, "Item"), new("Straight", GraphNodeKind.Transform, "Item"),
                new("Shifted", GraphNodeKind.Transform, "Item"), new("Both", GraphNodeKind.Merge, "Item"), new("db", GraphNodeKind.Sink, "Item"),
            ],
            [new("Items", "Straight"), new("Items", "Shifted"), new("Straight", "Both"), new("Shifted", "Both"), new("Both", "db")]),
        Build);

    private static void Build(PipelineBuilder builder)
    {
        var items = builder.Source<Item, ItemCodec>("Items", new InMemorySourceAttribute("shop"));
        var both = builder.Merge("Both", Way(builder, "Straight", items, 0), Way(builder, "Shifted", items, Shift));
        builder.Sink<Item, ItemCodec>("db", both, new InMemorySinkAttribute("db"));
    }

    private static ChangeStream<Item> Way(PipelineBuilder builder, string name, ChangeStream<Item> items, long shift)
    {
        var stage = builder.Stage(name, items);
        var output = stage.Output<Item>(name);
        stage.Run(new ShiftKeys(output.Collector, shift));
        return output.Stream;
    }

    private sealed class ShiftKeys(BatchCollector<Item> output, long shift) : IBatchOperator<Item>
    {
        public void Process(ChangeBatch<Item> batch)
        {
            foreach (ref readonly var change in batch.Changes)
            {
                // A truncate would come twice and the second time take what came between: one way carries it.
                if (change.Operation != Operation.Truncate || shift == 0)
                {
                    output.Add(new Change<Item>(
                        change.Operation, change.BeforeState, Move(change.Before), Move(change.After), change.Missing, change.Metadata));
                }
            }
        }

        private Item? Move(Item? item) => item is null ? null : item with { Id = item.Id + shift };
    }
}
