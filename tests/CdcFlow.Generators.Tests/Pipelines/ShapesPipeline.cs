using CdcFlow.Testing;

namespace CdcFlow.Generators.Tests.Pipelines;

/// <summary>The remaining shapes of methods: dropping maps, whole changes, metadata, asynchronous ones.</summary>
[CdcPipeline("shapes")]
public sealed partial class ShapesPipeline
{
    [InMemorySource("shop")]
    public partial Changes<Order> Orders { get; }

    [Transform(From = nameof(Orders))]
    [InMemorySink("lake", Name = "large")]
    public static OrderDoc? OnlyLarge(Order order, ChangeMetadata metadata) =>
        order.Total > 100 ? new OrderDoc(order.Id, order.Total, metadata.Event == StageEvent) : null;

    [Transform(From = nameof(OnlyLarge))]
    [InMemorySink("lake", Name = "audit")]
    public static Change<OrderDoc>? Audit(Change<OrderDoc> change) => change.Operation == Operation.Delete ? null : change;

    [Transform(From = nameof(Orders))]
    [InMemorySink("lake", Name = "rows")]
    public static OrderDoc FromChange(Change<Order> change) => new(change.Row.Id, change.Row.Total, change.Operation == Operation.Delete);

    [Transform(From = nameof(Orders), MaxConcurrency = 4, Ordering = Ordering.PerKey)]
    [InMemorySink("lake", Name = "enriched")]
    public async ValueTask<OrderDoc?> Enrich(Order order, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return order.Total > 100 ? new OrderDoc(order.Id, order.Total, true) : null;
    }

    [Filter(From = nameof(Enrich))]
    [InMemorySink("lake", Name = "even")]
    public static async ValueTask<bool> IsEven(OrderDoc doc, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return doc.Id % 2 == 0;
    }

    private const int StageEvent = 3;
}
