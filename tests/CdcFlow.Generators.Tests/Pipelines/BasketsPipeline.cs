using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using CdcFlow.Testing;

namespace CdcFlow.Generators.Tests.Pipelines;

public sealed record Basket([property: Key] long Id, string Items);

public sealed record Item([property: Key] long BasketId, [property: Key] string Name, int Position);

/// <summary>One row becomes several, fused and asynchronous.</summary>
[CdcPipeline("baskets")]
public sealed partial class BasketsPipeline
{
    [InMemorySource("shop")]
    public partial Changes<Basket> Baskets { get; }

    [Transform(From = nameof(Baskets))]
    [InMemorySink("lake", Name = "items")]
    public static IEnumerable<Item> Unpack(Basket basket) =>
        basket.Items.Split(',', StringSplitOptions.RemoveEmptyEntries).Select((name, position) => new Item(basket.Id, name, position));

    [Transform(From = nameof(Baskets), OnDrop = OnDrop.Ignore)]
    [InMemorySink("lake", Name = "kept")]
    public static Item[] Keep(Basket basket) => [.. Unpack(basket)];

    [Transform(From = nameof(Baskets))]
    [InMemorySink("lake", Name = "slow")]
    public static async IAsyncEnumerable<Item> UnpackSlowly(Basket basket, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var item in Unpack(basket))
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return item;
        }
    }
}
