using CdcFlow.Testing;

namespace CdcFlow.Simulation.Tests.Pipelines;

/// <summary>An asynchronous node in lanes by key, into a staged sink: no transactional sink decides here, the store does.</summary>
[CdcPipeline("async")]
public sealed partial class AsyncPipeline
{
    [InMemorySource("shop")]
    public partial Changes<Item> Items { get; }

    [Transform(From = nameof(Items), MaxConcurrency = 4, Ordering = Ordering.PerKey)]
    [InMemoryStagedSink("lake")]
    public static async ValueTask<Item> Enrich(Item item, CancellationToken cancellationToken)
    {
        // Some keys take longer than others, so that lanes overtake each other.
        for (var turn = item.Id % 3; turn >= 0; turn--)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
        }

        return item with { Text = item.Text + "+" };
    }
}
