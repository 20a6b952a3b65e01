// What pages take as known: the rows, services and nodes of the shop that they are about. A snippet gets of it what it uses and does not declare itself.
using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow;
using CdcFlow.Configuration;
using CdcFlow.Files;
using CdcFlow.Postgres;
using CdcFlow.Rows;
using CdcFlow.Sinks;

public enum OrderStatus { New, Paid, Cancelled }

public enum Lane { Standard, Express }

public enum Color { Red }

[Table("orders")]
public sealed record Order([property: Key] long Id, long CustomerId, decimal Total, OrderStatus Status, string? Note) { public bool IsPaid => Status == OrderStatus.Paid; }

[Table("order_lines")]
public sealed record OrderLine([property: Key] long Id, long OrderId, string Article);

[Table("customers")]
public sealed record Customer([property: Key] long Id, string Name);

[Table("sources")]
public sealed record Source([property: Key] long Id);

public sealed record CustomerDoc([property: Key] long Id, string Name);

public sealed record OrderDoc([property: Key] long Id, decimal Total);

public sealed record Invoice([property: Key] long Id, long CustomerId, decimal Net, decimal Gross);

[Table("readings")]
public sealed record Reading([property: Key] long Id, string Text);

public sealed record Pair([property: Key] long A, [property: Key] long B, string Note);

public sealed record Address(string Street, string City)
{
    public static Address Parse(string text) => new(text.Split(',')[0], text.Split(',')[1]);
}

public sealed class AddressConverter : IColumnConverter<string, Address>
{
    public static Address FromColumn(string value) => Address.Parse(value);

    public static string ToColumn(Address value) => $"{value.Street},{value.City}";
}

public interface IClock;

public interface IFraudApi
{
    ValueTask<bool> IsSuspectAsync(long orderId, CancellationToken cancellationToken);
}

public sealed class HttpFraud : IFraudApi
{
    public ValueTask<bool> IsSuspectAsync(long orderId, CancellationToken cancellationToken) => new(orderId < 0);
}

[SinkCapabilities(SinkKind.Staged, NeedsDecimalPrecision = true)]
public sealed class LakeSinkAttribute(string connection) : SinkAttribute(connection)
{
    public override ISinkConnection CreateConnection(ConnectorContext context) => throw new NotSupportedException();
}

[CdcPipeline("orders")]
public sealed partial class OrdersPipeline
{
    [PostgresSource("shop")]
    public partial Changes<Order> Orders { get; }

    [PostgresSource("shop")]
    public partial Changes<Customer> Customers { get; }

    [PostgresSource("shop")]
    public partial Changes<Pair> Pairs { get; }

    [Filter(From = nameof(Orders))]
    public static bool IsPaid(Order order) => order.IsPaid;

    [Route(From = nameof(Orders))]
    public static Lane ByLane(Order order) => order.Total > 100 ? Lane.Express : Lane.Standard;

    [Transform(From = nameof(Orders)), FileSink("docs")]
    public static OrderDoc ToDoc(Order order) => new(order.Id, order.Total);
}
