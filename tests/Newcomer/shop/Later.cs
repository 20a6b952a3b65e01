using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow;
using CdcFlow.Postgres;

namespace Shop.Later;

/// <summary>The template's pipeline as its next deployment has it: with one more column.</summary>
[CdcPipeline("orders", Delivery = Delivery.ExactlyOnce)]
public sealed partial class OrdersPipeline
{
    [PostgresSource("shop")]
    public partial Changes<Order> Orders { get; }

    [Filter(From = nameof(Orders))]
    public static bool NotCancelled(Order order) => order.Status != OrderStatus.Cancelled;

    [Transform(From = nameof(NotCancelled))]
    [PostgresSink("warehouse", Name = "invoices", Table = "invoices")]
    public static Invoice Bill(Order order) => new(order.Id, order.CustomerId, order.Total, order.Status == OrderStatus.Paid, order.Note);
}

[Table("orders")]
public sealed record Order([property: Key] long Id, long CustomerId, decimal Total, OrderStatus Status, string? Note);

public sealed record Invoice([property: Key] long Id, long CustomerId, decimal Total, bool Paid, string? Note);
