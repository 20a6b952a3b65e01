using CdcFlow;
#if (toConsole || toFiles)
using CdcFlow.Files;
#endif
#if (toKafka)
using CdcFlow.Kafka;
#endif
using CdcFlow.Postgres;

namespace MyPipeline;

/// <summary>What happens to the rows, member by member; the compiler writes the other half. Where they come from and go to, the configuration says.</summary>
#if (toConsole)
[CdcPipeline("orders", Delivery = Delivery.AtLeastOnce)]
#else
[CdcPipeline("orders", Delivery = Delivery.ExactlyOnce)]
#endif
public sealed partial class OrdersPipeline
{
    /// <summary>The table as it is, then every change of it.</summary>
    [PostgresSource("shop")]
    public partial Changes<Order> Orders { get; }

    /// <summary>An order that is cancelled later is taken back downstream.</summary>
    [Filter(From = nameof(Orders))]
    public static bool NotCancelled(Order order) => order.Status != OrderStatus.Cancelled;

    /// <summary>A plain method from row to row.</summary>
    [Transform(From = nameof(NotCancelled))]
#if (toConsole)
    [ConsoleSink(Name = "invoices")]
#endif
#if (toFiles)
    [FileSink("files", Name = "invoices")]
#endif
#if (toKafka)
    [KafkaSink("bus", Name = "invoices", Topic = "invoices", CreateTopic = true)]
#endif
#if (toPostgres)
    [PostgresSink("warehouse", Name = "invoices", Table = "invoices")]
#endif
    public static Invoice Bill(Order order) => new(order.Id, order.CustomerId, order.Total, order.Status == OrderStatus.Paid);
}
