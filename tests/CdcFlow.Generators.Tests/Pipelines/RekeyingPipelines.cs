using System.ComponentModel.DataAnnotations;
using CdcFlow.Testing;

namespace CdcFlow.Generators.Tests.Pipelines;

/// <summary>Maps that give some rows another key than the one by which deletes travel, where the compiler does not see it.</summary>
[CdcPipeline("rekeying")]
public sealed partial class RekeyingPipeline
{
    [InMemorySource("shop")]
    public partial Changes<Order> Orders { get; }

    [Transform(From = nameof(Orders), OnError = OnError.DeadLetter)]
    [InMemorySink("lake", Name = "mapped")]
    public static OrderDoc Mapped(Order order) => Rekeyed.Doc(order);

    [Transform(From = nameof(Orders), OnError = OnError.DeadLetter)]
    [InMemorySink("lake", Name = "dropping")]
    public static OrderDoc? Dropping(Order order) => order.Total > 0 ? Rekeyed.Doc(order) : null;

    [Transform(From = nameof(Orders), MaxConcurrency = 2, Ordering = Ordering.PerKey, OnError = OnError.DeadLetter)]
    [InMemorySink("lake", Name = "waiting")]
    public static async ValueTask<OrderDoc> Waiting(Order order, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return Rekeyed.Doc(order);
    }
}

/// <summary>A map that gives every row another key.</summary>
[CdcPipeline("shifted")]
public sealed partial class ShiftedPipeline
{
    [InMemorySource("shop")]
    public partial Changes<Order> Orders { get; }

    [Transform(From = nameof(Orders))]
    [InMemorySink("lake")]
    public static Order Shift(Order order) => Rekeyed.Shifted(order);
}

/// <summary>A map that sets the key of the row that it takes, and gives that row.</summary>
[CdcPipeline("setting-keys")]
public sealed partial class KeySettingPipeline
{
    [InMemorySource("shop")]
    public partial Changes<Parcel> Parcels { get; }

    [Transform(From = nameof(Parcels))]
    [InMemorySink("lake", Name = "parcels")]
    public static Parcel Shout(Parcel parcel) => Rekeyed.Shouted(parcel);
}

/// <summary>Other keys where all of a row's changes have them: in a method that is called for deletes too, in a fan-out, and before one.</summary>
[CdcPipeline("covered-keys")]
public sealed partial class CoveredKeysPipeline
{
    [InMemorySource("shop")]
    public partial Changes<Order> Orders { get; }

    [Transform(From = nameof(Orders))]
    [InMemorySink("lake", Name = "whole")]
    public static OrderDoc Whole(Change<Order> change) => new(change.Row.Id + 1000, change.Row.Total, IsLarge: false);

    [Transform(From = nameof(Orders))]
    [InMemorySink("lake", Name = "fanned")]
    public static IEnumerable<OrderDoc> Fanned(Order order) => [new((order.Id * 10) + (long)order.Status, order.Total, IsLarge: false)];

    [Transform(From = nameof(Orders))]
    [InMemorySink("lake", Name = "moving")]
    public static OrderDoc Moving(Order order) => new((order.Id * 10) + (long)order.Status, order.Total, IsLarge: false);

    [Transform(From = nameof(Moving))]
    [InMemorySink("lake", Name = "moved")]
    public static IEnumerable<OrderDoc> Moved(OrderDoc doc) => [doc];
}

/// <summary>A row whose key anybody may set.</summary>
public sealed class Parcel
{
    [Key]
    public string Code { get; set; } = "";

    public decimal Weight { get; set; }
}

/// <summary>What the compiler does not look into.</summary>
public static class Rekeyed
{
    /// <summary>The document of an order; a large one's has another key.</summary>
    public static OrderDoc Doc(Order order) => new(order.Total > 100 ? order.Id + 1 : order.Id, order.Total, order.Total > 100);

    public static Order Shifted(Order order) => order with { Id = order.Id + 1 };

    public static Parcel Shouted(Parcel parcel)
    {
        parcel.Code = parcel.Code.ToUpperInvariant();
        return parcel;
    }
}
