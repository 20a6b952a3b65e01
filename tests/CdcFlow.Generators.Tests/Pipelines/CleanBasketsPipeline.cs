using CdcFlow.Testing;

namespace CdcFlow.Generators.Tests.Pipelines;

/// <summary>A fan-out behind two maps, one of which drops: both carry old rows for its sake.</summary>
[CdcPipeline("clean-baskets")]
public sealed partial class CleanBasketsPipeline
{
    [InMemorySource("shop")]
    public partial Changes<Basket> Baskets { get; }

    [Transform(From = nameof(Baskets))]
    public static Basket Clean(Basket basket) => basket with { Items = basket.Items.Trim() };

    [Transform(From = nameof(Clean))]
    public static Basket? NotEmpty(Basket basket) => basket.Items.Length > 0 ? basket : null;

    [Transform(From = nameof(NotEmpty))]
    [InMemorySink("lake")]
    public static IEnumerable<Item> Unpack(Basket basket) => BasketsPipeline.Unpack(basket);
}
