using CdcFlow;
using CdcFlow.Postgres;

namespace Shop
{
    /// <summary>The template's pipeline under another name.</summary>
    [CdcPipeline("orders-2", Delivery = Delivery.ExactlyOnce)]
    public sealed partial class RenamedPipeline
    {
        [PostgresSource("shop")]
        public partial Changes<Order> Orders { get; }

        [Filter(From = nameof(Orders))]
        public static bool NotCancelled(Order order) => order.Status != OrderStatus.Cancelled;

        [Transform(From = nameof(NotCancelled))]
        [PostgresSink("warehouse", Name = "invoices", Table = "invoices")]
        public static Invoice Bill(Order order) => new(order.Id, order.CustomerId, order.Total, order.Status == OrderStatus.Paid);
    }
}

namespace Shop.Moved
{
    /// <summary>The template's pipeline with another name for its source's connection.</summary>
    [CdcPipeline("orders", Delivery = Delivery.ExactlyOnce)]
    public sealed partial class OrdersPipeline
    {
        [PostgresSource("main")]
        public partial Changes<Order> Orders { get; }

        [Filter(From = nameof(Orders))]
        public static bool NotCancelled(Order order) => order.Status != OrderStatus.Cancelled;

        [Transform(From = nameof(NotCancelled))]
        [PostgresSink("warehouse", Name = "invoices", Table = "invoices")]
        public static Invoice Bill(Order order) => new(order.Id, order.CustomerId, order.Total, order.Status == OrderStatus.Paid);
    }
}

namespace Shop.Altered
{
    /// <summary>A map whose rows bear keys of their own making, where no compiler sees it.</summary>
    [CdcPipeline("orders", Delivery = Delivery.ExactlyOnce)]
    public sealed partial class OrdersPipeline
    {
        [PostgresSource("shop")]
        public partial Changes<Order> Orders { get; }

        [Transform(From = nameof(Orders))]
        [PostgresSink("warehouse", Name = "invoices", Table = "invoices")]
        public static Invoice Bill(Order order) => new(Numbered(order), order.CustomerId, order.Total, order.Status == OrderStatus.Paid);

        private static long Numbered(Order order) => order.Id + 1000;
    }
}

namespace Shop.Twice
{
    /// <summary>Two sinks and one table.</summary>
    [CdcPipeline("orders", Delivery = Delivery.ExactlyOnce)]
    public sealed partial class OrdersPipeline
    {
        [PostgresSource("shop")]
        public partial Changes<Order> Orders { get; }

        [Transform(From = nameof(Orders))]
        [PostgresSink("warehouse", Name = "invoices", Table = "invoices")]
        public static Invoice Bill(Order order) => new(order.Id, order.CustomerId, order.Total, order.Status == OrderStatus.Paid);

        [Transform(From = nameof(Orders))]
        [PostgresSink("warehouse", Name = "again", Table = "invoices")]
        public static Invoice BillAgain(Order order) => new(order.Id, order.CustomerId, order.Total, false);
    }
}
