using System.ComponentModel.DataAnnotations;
using CdcFlow.Testing;

namespace CdcFlow.Generators.Tests.Pipelines;

/// <summary>No node looks at all columns of what the source gives.</summary>
[CdcPipeline("narrow")]
public sealed partial class NarrowPipeline
{
    [InMemorySource("shop")]
    public partial Changes<Order> Orders { get; }

    [Filter(From = nameof(Orders))]
    public static bool NotCancelled(Order order) => order is { Status: not OrderStatus.Cancelled };

    [Transform(From = nameof(NotCancelled))]
    [InMemorySink("lake")]
    public static OrderDoc Summarize(Order order) => new(order.Id, order.Total, order.Total > 100);
}

/// <summary>Each source has one reason to be read whole.</summary>
[CdcPipeline("wide")]
public sealed partial class WidePipeline
{
    [InMemorySource("shop")]
    public partial Changes<Sunk> ToSink { get; }

    [InMemorySource("shop")]
    public partial Changes<Changed> ToWholeChange { get; }

    [InMemorySource("shop")]
    public partial Changes<Handed> ToOtherCode { get; }

    [InMemorySource("shop")]
    public partial Changes<Computed> ToComputedProperty { get; }

    [InMemorySource("shop")]
    public partial Changes<Made> ToOwnCode { get; }

    [InMemorySource("shop")]
    public partial Changes<Keyless> ToNothing { get; }

    [Filter(From = nameof(ToSink)), InMemorySink("lake", Name = "sunk")]
    public static bool IsSunk(Sunk row) => row.Id > 0;

    [Filter(From = nameof(ToWholeChange)), Discard]
    public static bool IsChanged(Change<Changed> change) => change.Row.Id > 0;

    [Filter(From = nameof(ToOtherCode)), Discard]
    public static bool IsHanded(Handed row) => Equals(row, null);

    [Filter(From = nameof(ToComputedProperty)), Discard]
    public static bool IsComputed(Computed row) => row.Label.Length > 0;

    [Filter(From = nameof(ToOwnCode)), Discard]
    public static bool IsMade(Made row) => row.Id > 0;

    [Filter(From = nameof(ToNothing), OnDrop = OnDrop.Ignore), Discard]
    public static bool IsAnything(Keyless row) => true;

    public sealed record Sunk([property: Key] long Id, string? Note);

    public sealed record Changed([property: Key] long Id, string? Note);

    public sealed record Handed([property: Key] long Id, string? Note);

    public sealed record Made([property: Key] long Id, string Note)
    {
        public string Loud { get; } = Note.ToUpperInvariant();
    }

    public sealed record Keyless(string? Note);

    public sealed class Computed
    {
        [Key]
        public long Id { get; init; }

        public string Note { get; init; } = "";

        public string Label
        {
            get => field ?? Note;
            init;
        }
    }
}
