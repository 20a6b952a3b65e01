using CdcFlow;
using CdcFlow.Files;
using CdcFlow.Postgres;

namespace Orders;

[CdcPipeline("orders", Delivery = Delivery.ExactlyOnce)]
public sealed partial class OrdersPipeline
{
    private const decimal ValueAddedTax = 0.19m;

    /// <summary>Every change of every order, as an audit trail in files.</summary>
    [PostgresSource("shop")]
    [FileSink("files", Name = "audit")]
    public partial Changes<Order> Orders { get; }

    /// <summary>A copy of the customers; the same slot and log reader as <see cref="Orders"/>.</summary>
    [PostgresSource("shop")]
    [PostgresSink("warehouse", Name = "customers", Table = "customers")]
    public partial Changes<Customer> Customers { get; }

    /// <summary>An order that is cancelled later is taken back downstream.</summary>
    [Filter(From = nameof(Orders))]
    public static bool NotCancelled(Order order) => order.Status != OrderStatus.Cancelled;

    [Transform(From = nameof(NotCancelled))]
    [PostgresSink("warehouse", Name = "invoices", Table = "invoices")]
    public static Invoice Bill(Order order) => new(order.Id, order.CustomerId, order.Total, WithTax(order.Total), order.Status == OrderStatus.Paid);

    /// <summary>An order whose total crosses the line moves from one folder's fold to the other's.</summary>
    [Route(From = nameof(Bill))]
    [FileSink("files", Name = "small", When = Lane.Small)]
    [FileSink("files", Name = "large", When = Lane.Large)]
    public static Lane BySize(Invoice invoice) => invoice.Net < 500 ? Lane.Small : Lane.Large;

    private static decimal WithTax(decimal net) => net + decimal.Round(net * ValueAddedTax, 2, MidpointRounding.AwayFromZero);
}
