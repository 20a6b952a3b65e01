using CdcFlow.Testing;

namespace CdcFlow.Generators.Tests.Pipelines;

public enum Lane
{
    Standard,
    Express,
}

/// <summary>A route with a sink on each branch and one on all of them, and a filter behind one branch.</summary>
[CdcPipeline("lanes")]
public sealed partial class LanesPipeline(decimal limit)
{
    public LanesPipeline()
        : this(100m)
    {
    }

    [InMemorySource("shop")]
    public partial Changes<Order> Orders { get; }

    [Route(From = nameof(Orders))]
    [InMemorySink("lake", Name = "express", When = Lane.Express)]
    [InMemorySink("lake", Name = "standard", When = Lane.Standard)]
    [InMemorySink("lake", Name = "all")]
    public Lane ByLane(Order order) => order.Total > limit ? Lane.Express : Lane.Standard;

    [Filter(From = nameof(ByLane), When = Lane.Express, OnDrop = OnDrop.Ignore)]
    [InMemorySink("lake", Name = "paid")]
    public static bool IsPaid(Order order) => order.Status == OrderStatus.Paid;
}
