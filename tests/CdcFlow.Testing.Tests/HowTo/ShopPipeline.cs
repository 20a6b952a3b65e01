using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace CdcFlow.Testing.Tests.HowTo;

public enum OrderStatus
{
    New,
    Paid,
    Cancelled,
}

[Table("orders")]
public sealed record Order([property: Key] long Id, long CustomerId, decimal Total, OrderStatus Status = OrderStatus.New, string? Note = null);

public sealed record OrderDocument([property: Key] long Id, decimal Total, bool IsSuspect);

public interface IFraudApi
{
    ValueTask<bool> IsSuspectAsync(long orderId, CancellationToken cancellationToken);
}

[CdcPipeline("shop-orders", Delivery = Delivery.ExactlyOnce)]
public sealed partial class ShopPipeline(IFraudApi fraud)
{
    [InMemorySource("shop")]
    public partial Changes<Order> Orders { get; }

    [Filter(From = nameof(Orders))]
    public static bool NotCancelled(Order order) => order.Status != OrderStatus.Cancelled;

    [Transform(From = nameof(NotCancelled), MaxConcurrency = 4, Ordering = Ordering.PerKey)]
    [InMemoryStagedSink("search")]
    public async ValueTask<OrderDocument> Index(Order order, CancellationToken cancellationToken) =>
        new(order.Id, order.Total, await fraud.IsSuspectAsync(order.Id, cancellationToken));
}
