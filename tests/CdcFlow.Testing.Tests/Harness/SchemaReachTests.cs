using System.ComponentModel.DataAnnotations;
using CdcFlow.Testing.Tests.HowTo;

namespace CdcFlow.Testing.Tests.Harness;

/// <summary>How far a change of the source's columns goes: as far as the rows of its type, through every kind of node.</summary>
public sealed class SchemaReachTests
{
    private static readonly SourceRef<Order> orders = new(nameof(ReachPipeline.Orders));

    [Fact]
    public async Task New_columns_are_told_to_sinks_of_the_sources_rows_and_to_nobody_behind_another_row_type()
    {
        await using var h = await PipelineHarness.StartAsync<ReachPipeline>();
        h.Source(orders).EndSnapshot().Ddl("id bigint").Transaction(tx => tx.Insert(new Order(1, 1, 10)));
        await h.DrainAsync();
        await h.CheckpointAsync();

        Assert.Equal([1, 1, 1], Told<Order>(h, "copies", "large", "small"));
        Assert.Equal([0, 0, 0], Told<Invoice>(h, "invoices", "later", "due"));
        Assert.Equal([0], Told<Order>(h, "back"));
        Assert.Equal([1, 1], [h.Sink(new SinkRef<Invoice>("invoices")).Committed.Count, h.Sink(new SinkRef<Order>("back")).Committed.Count]);
    }

    private static int[] Told<T>(PipelineHarness h, params string[] sinks)
        where T : class => [.. sinks.Select(name => h.Sink(new SinkRef<T>(name)).SchemaChanges.Count)];
}

public sealed record Invoice([property: Key] long Id, decimal Total);

public enum OrderSize
{
    Small,
    Large,
}

public enum Payment
{
    Due,
}

/// <summary>Every kind of node that keeps the row type, and every kind that makes another of it.</summary>
[CdcPipeline("reach")]
public sealed partial class ReachPipeline
{
    [InMemorySource("shop"), InMemorySink("db", Name = "copies")]
    public partial Changes<Order> Orders { get; }

    [Filter(From = nameof(Orders))]
    public static bool Positive(Order order) => order.Total > 0;

    [Route(From = nameof(Positive))]
    [InMemorySink("db", Name = "large", When = OrderSize.Large)]
    [InMemorySink("db", Name = "small", When = OrderSize.Small)]
    public static OrderSize Size(Order order) => order.Total > 100 ? OrderSize.Large : OrderSize.Small;

    [Transform(From = nameof(Positive)), InMemorySink("db", Name = "invoices")]
    public static Invoice Invoice(Order order) => new(order.Id, order.Total);

    [Transform(From = nameof(Positive), MaxConcurrency = 2, Ordering = Ordering.PerKey), InMemorySink("db", Name = "later")]
    public static async ValueTask<Invoice> Later(Order order, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return new(order.Id, order.Total);
    }

    [Transform(From = nameof(Later)), InMemorySink("db", Name = "back")]
    public static Order Back(Invoice invoice) => new(invoice.Id, 0, invoice.Total);

    [Route(From = nameof(Invoice))]
    [InMemorySink("db", Name = "due", When = Payment.Due)]
    public static Payment Paid(Invoice invoice) => Payment.Due;
}
