using System.Runtime.CompilerServices;
using CdcFlow.Testing;

namespace CdcFlow.Generators.Tests.Pipelines;

/// <summary>Nodes that set changes aside or skip them, each beside one that goes on.</summary>
[CdcPipeline("rejecting")]
public sealed partial class RejectingPipeline
{
    [InMemorySource("shop")]
    [InMemorySink("lake", Name = "raw")]
    public partial Changes<Basket> Baskets { get; }

    [Transform(From = nameof(Baskets), OnDrop = OnDrop.Ignore, OnError = OnError.DeadLetter)]
    [InMemorySink("lake", Name = "items")]
    public static IEnumerable<Item> Unpack(Basket basket)
    {
        foreach (var name in basket.Items.Split(','))
        {
            yield return name != "stone" ? new Item(basket.Id, name, 0) : throw new FormatException("secret of a stone");
        }
    }

    [Transform(From = nameof(Unpack), OnError = OnError.DeadLetter)]
    [InMemorySink("lake", Name = "labels")]
    public static Item Label(Item item) => item.Name != "glass" ? item : throw new FormatException("secret of a glass");

    [Transform(From = nameof(Baskets), OnError = OnError.Skip)]
    [InMemorySink("lake", Name = "sizes")]
    public static Basket Count(Basket basket) =>
        basket.Items.Length > 0 ? new Basket(basket.Id, $"{basket.Items.Split(',').Length}") : throw new FormatException("secret of an empty basket");

    [Transform(From = nameof(Label), MaxConcurrency = 4, Ordering = Ordering.PerKey, OnError = OnError.DeadLetter)]
    [InMemorySink("lake", Name = "checked")]
    public static async ValueTask<Item> Check(Item item, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return item.Name != "knife" ? item : throw new FormatException("secret of a knife");
    }
}

/// <summary>A node behind an asynchronous fan-out, whose rows are changes of one place.</summary>
[CdcPipeline("rejecting-lines")]
public sealed partial class RejectingLinesPipeline
{
    private static readonly Item glass = new(7, "glass", 0);

    [InMemorySource("shop")]
    public partial Changes<Basket> Baskets { get; }

    /// <summary>All glasses are one object, as from a cache.</summary>
    [Transform(From = nameof(Baskets), OnDrop = OnDrop.Ignore)]
    public static async IAsyncEnumerable<Item> Unpack(Basket basket, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var name in basket.Items.Split(','))
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return name == "glass" ? glass : new Item(basket.Id, name, 0);
        }
    }

    [Transform(From = nameof(Unpack), OnError = OnError.DeadLetter)]
    [InMemorySink("lake", Name = "labels")]
    public static Item Label(Item item) => item.Name is "glass" or "stone" ? throw new FormatException($"a {item.Name}") : item;
}
