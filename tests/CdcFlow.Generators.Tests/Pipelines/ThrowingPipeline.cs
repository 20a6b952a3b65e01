using CdcFlow.Testing;

namespace CdcFlow.Generators.Tests.Pipelines;

/// <summary>A user's method that throws on one row.</summary>
[CdcPipeline("throwing")]
public sealed partial class ThrowingPipeline
{
    [InMemorySource("shop")]
    public partial Changes<Order> Orders { get; }

    [Filter(From = nameof(Orders))]
    [InMemorySink("lake")]
    public static bool Careless(Order order) => order.Id != 13 ? true : throw new FormatException("secret of row 13");
}
