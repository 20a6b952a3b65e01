using CdcFlow.Testing;

namespace CdcFlow.Generators.Tests.Pipelines;

/// <summary>Methods that throw, each on a row of its own: one alone in its stage, and a chain in which one row becomes several.</summary>
[CdcPipeline("throwing")]
public sealed partial class ThrowingPipeline
{
    [InMemorySource("shop")]
    public partial Changes<Order> Orders { get; }

    [InMemorySource("shop")]
    public partial Changes<Basket> Baskets { get; }

    [Filter(From = nameof(Orders))]
    [InMemorySink("lake")]
    public static bool Careless(Order order) => order.Id != 13 ? true : throw new FormatException("secret of row 13");

    [Filter(From = nameof(Baskets))]
    public static bool NotEmpty(Basket basket) => basket.Items.Length > 0 ? true : throw new FormatException("secret of an empty basket");

    [Transform(From = nameof(NotEmpty), OnDrop = OnDrop.Ignore)]
    public static IEnumerable<Item> Unpack(Basket basket)
    {
        foreach (var name in basket.Items.Split(','))
        {
            yield return name != "stone" ? new Item(basket.Id, name, 0) : throw new FormatException("secret of a stone");
        }
    }

    [Transform(From = nameof(Unpack))]
    [InMemorySink("lake", Name = "labels")]
    public static Item Label(Item item) => item.Name != "glass" ? item : throw new FormatException("secret of a glass");
}
