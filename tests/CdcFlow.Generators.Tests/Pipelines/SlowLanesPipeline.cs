using CdcFlow.Testing;

namespace CdcFlow.Generators.Tests.Pipelines;

/// <summary>What <see cref="LanesPipeline"/> does, by methods that wait: an asynchronous filter, an asynchronous route behind it, and a filter on one of its branches.</summary>
[CdcPipeline("slow-lanes")]
public sealed partial class SlowLanesPipeline(SlowLanesPipeline.IClerk clerk)
{
    [InMemorySource("shop")]
    public partial Changes<Order> Orders { get; }

    [Filter(From = nameof(Orders), MaxConcurrency = 4, Ordering = Ordering.PerKey)]
    [InMemorySink("lake", Name = "open")]
    public async Task<bool> IsOpen(Order order, CancellationToken cancellationToken)
    {
        await clerk.LookAtAsync(nameof(IsOpen), order, cancellationToken);
        return order.Status != OrderStatus.Cancelled;
    }

    [Route(From = nameof(IsOpen), MaxConcurrency = 3, Ordering = Ordering.PerKey)]
    [InMemorySink("lake", Name = "express", When = Lane.Express)]
    [InMemorySink("lake", Name = "standard", When = Lane.Standard)]
    [InMemorySink("lake", Name = "all")]
    public async ValueTask<Lane> ByLane(Order order, CancellationToken cancellationToken)
    {
        await clerk.LookAtAsync(nameof(ByLane), order, cancellationToken);
        return order.Total > Limit ? Lane.Express : Lane.Standard;
    }

    [Filter(From = nameof(ByLane), When = Lane.Express)]
    [InMemorySink("lake", Name = "paid")]
    public static bool IsPaid(Order order) => order.Status == OrderStatus.Paid;

    public const decimal Limit = 5_000m;

    /// <summary>Somebody who takes his time.</summary>
    public interface IClerk
    {
        ValueTask LookAtAsync(string node, Order order, CancellationToken cancellationToken);
    }
}
