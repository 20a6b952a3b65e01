#if KEYS
using CdcFlow;
using CdcFlow.Postgres;

namespace Shop.Keys
{
    /// <summary>A map that gives its rows other keys than the source's.</summary>
    [CdcPipeline("keys")]
    public sealed partial class KeysPipeline
    {
        [PostgresSource("shop")]
        public partial Changes<Order> Orders { get; }

        [Transform(From = nameof(Orders))]
        [PostgresSink("warehouse", Name = "invoices", Table = "invoices")]
        public static Invoice Bill(Order order) => new(order.Id + 1, order.CustomerId, order.Total, order.Status == OrderStatus.Paid);
    }
}
#endif
