using CdcFlow;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka;
using CdcFlow.Postgres;

namespace OrdersToKafka;

/// <summary>Three topics, one transaction per checkpoint: a reader of committed records sees an order and its invoice together or neither.</summary>
[CdcPipeline("orders-to-kafka", Delivery = Delivery.ExactlyOnce)]
public sealed partial class OrdersToKafkaPipeline
{
    private const decimal ValueAddedTax = 0.19m;

    /// <summary>Every change of every order, in Debezium's envelope.</summary>
    [PostgresSource("shop")]
    [KafkaSink("bus", Name = "orders", Topic = "shop.orders", CreateTopic = true, Partitions = 3)]
    public partial Changes<Order> Orders { get; }

    /// <summary>An order that is cancelled later is taken back downstream.</summary>
    [Filter(From = nameof(Orders))]
    public static bool NotCancelled(Order order) => order.Status != OrderStatus.Cancelled;

    [Transform(From = nameof(NotCancelled))]
    public static Invoice Bill(Order order) => new(order.Id, order.CustomerId, order.Total, WithTax(order.Total), order.Status == OrderStatus.Paid);

    /// <summary>An invoice whose total crosses the line is deleted in one topic and appears in the other.</summary>
    [Route(From = nameof(Bill))]
    [KafkaSink("bus", Name = "small", Topic = "invoices.small", Format = RecordFormat.Json, CreateTopic = true, Partitions = 3, When = Lane.Small)]
    [KafkaSink("bus", Name = "large", Topic = "invoices.large", Format = RecordFormat.Json, CreateTopic = true, Partitions = 3, When = Lane.Large)]
    public static Lane BySize(Invoice invoice) => invoice.Net < 500 ? Lane.Small : Lane.Large;

    private static decimal WithTax(decimal net) => net + decimal.Round(net * ValueAddedTax, 2, MidpointRounding.AwayFromZero);
}
