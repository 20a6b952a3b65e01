using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow;
using CdcFlow.Files;
using CdcFlow.Postgres;

namespace Shop;

/// <summary>Rows as an object-relational mapper has them: private setters, a navigation, a collection, a key by convention, an enum of the database.</summary>
[CdcPipeline("entities", Delivery = Delivery.ExactlyOnce)]
public sealed partial class EntitiesPipeline
{
    [PostgresSource("shop")]
    [PostgresSink("warehouse", Name = "copies", Table = "parcels")]
    public partial Changes<Parcel> Parcels { get; }

    [Transform(From = nameof(Parcels))]
    [FileSink("files", Name = "events")]
    public static Sent Send(Parcel parcel) => new(parcel.Id, parcel.Weight, parcel.SentAt.UtcDateTime);
}

public enum ParcelState { New, OnItsWay }

[Table("parcels")]
public class Parcel
{
    private readonly List<Stop> stops = [];

    protected Parcel()
    {
    }

    public long Id { get; private set; }

    public decimal Weight { get; protected set; }

    public ParcelState State { get; private set; }

    public DateTimeOffset SentAt { get; private set; }

    public Sender? Sender { get; private set; }

    public IReadOnlyCollection<Stop> Stops => stops;
}

public class Sender
{
    public long Id { get; private set; }
}

public class Stop
{
    public long Id { get; private set; }
}

public sealed record Sent([property: System.ComponentModel.DataAnnotations.Key] long Id, decimal Weight, DateTime At);
