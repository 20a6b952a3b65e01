using CdcFlow.Testing;

namespace CdcFlow.Simulation.Tests.Pipelines;

/// <summary>Filter, map and route into two sinks that share one transaction.</summary>
[CdcPipeline("route")]
public sealed partial class RoutePipeline
{
    [InMemorySource("shop")]
    public partial Changes<Item> Items { get; }

    [Filter(From = nameof(Items))]
    public static bool Positive(Item item) => item.Group >= 0;

    [Transform(From = nameof(Positive))]
    public static Item Shout(Item item) => item with { Text = item.Text.ToUpperInvariant() };

    [Route(From = nameof(Shout))]
    [InMemorySink("db", Name = "even", When = Parity.Even)]
    [InMemorySink("db", Name = "odd", When = Parity.Odd)]
    public static Parity ByGroup(Item item) => item.Group % 2 == 0 ? Parity.Even : Parity.Odd;
}
