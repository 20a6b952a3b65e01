using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Globalization;
using CdcFlow;
using CdcFlow.Postgres;

namespace Shop;

/// <summary>A method that throws on some rows.</summary>
[CdcPipeline("readings", Delivery = Delivery.ExactlyOnce)]
public sealed partial class ReadingsPipeline
{
    [PostgresSource("shop")]
    public partial Changes<Reading> Readings { get; }

    [Transform(From = nameof(Readings))]
    [PostgresSink("warehouse", Table = "numbers")]
    public static Number Parse(Reading reading) => new(reading.Id, int.Parse(reading.Text, CultureInfo.InvariantCulture));
}

[Table("readings")]
public sealed record Reading([property: Key] long Id, string Text);

public sealed record Number([property: Key] long Id, int Value);
