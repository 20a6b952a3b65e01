#if WRONG
using CdcFlow;
using CdcFlow.Postgres;

namespace Shop.Wrong;

/// <summary>What the compiler is asked to refuse.</summary>
[CdcPipeline("wrong")]
public sealed class WrongPipeline
{
    [PostgresSource("shop")]
    public partial Changes<Order> Orders { get; }
}
#endif
