using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Rows;
using CdcFlow.Testing;

namespace CdcFlow.Generators.Tests.Pipelines;

/// <summary>Rows in every way that they may be written.</summary>
[CdcPipeline("columns")]
public sealed partial class ColumnsPipeline
{
    [InMemorySource("shop"), InMemorySink("lake", Name = "everything")]
    public partial Changes<Everything> Rows { get; }

    [InMemorySource("shop"), InMemorySink("lake", Name = "places")]
    public partial Changes<Outer.Place> Places { get; }

    [InMemorySource("shop"), InMemorySink("lake", Name = "log")]
    private partial Changes<LogLine> Log { get; }

    private sealed record LogLine(string Text);
}

[Table("everything", Schema = "app")]
public class Everything
{
    [Key, Column("id")]
    public required Guid Id { get; init; }

    [Key]
    public decimal Version { get; set; }

    public int? Count { get; set; }

    public OrderStatus Status { get; set; }

    public OrderStatus? Previous { get; set; }

    [Column("note", TypeName = "text")]
    public string Note { get; set; } = "";

    public string? Remark { get; set; }

    public byte[] Blob { get; set; } = [];

    public int[] Numbers { get; set; } = [];

    [ColumnConverter<MoneyText>]
    public Money Price { get; set; } = new(0, "EUR");

    public DateOnly? Day { get; set; }

    [NotMapped]
    public object? Scratch { get; set; }

    public int Twice => (Count ?? 0) * 2;
}

public sealed record Money(decimal Amount, string Currency);

public sealed class MoneyText : IColumnConverter<string, Money>
{
    public static Money FromColumn(string value) => new(decimal.Parse(value.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), value.Split(' ')[1]);

    public static string ToColumn(Money value) => FormattableString.Invariant($"{value.Amount} {value.Currency}");
}

public static class Outer
{
    public sealed record Place([property: Key] string @class, [property: Key] int Number)
    {
        public string? Label { get; init; }
    }
}
