using CdcFlow.Testing;

namespace CdcFlow.Generators.Tests.Pipelines;

[CdcPipeline("orders")]
public sealed partial class OrdersPipeline
{
    [InMemorySource("shop")]
    [InMemorySink("lake", Name = "raw")]
    public partial Changes<Order> Orders { get; }

    [Filter(From = nameof(Orders))]
    public static bool NotCancelled(Order order) => order.Status != OrderStatus.Cancelled;

    [Transform(From = nameof(NotCancelled))]
    [InMemorySink("lake", Name = "docs")]
    public static OrderDoc Summarize(Order order) => new(order.Id, order.Total, order.Total > 100);
}
