using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Postgres;

// Several programs of one name are versions of one program, of which one runs after the other.
#pragma warning disable CDCF004

namespace CdcFlow.Replay.Tests.WaysOut;

/// <summary>Copies table <c>t</c>.</summary>
[CdcPipeline("changed")]
public sealed partial class Copied
{
    [PostgresSource("source"), PostgresSink("sink")]
    public partial Changes<Item> Rows { get; }
}

/// <summary>As <see cref="Item"/>, with one more column.</summary>
[Table("t")]
public sealed record WiderItem([property: Key] long Id, string? Value, string? More);

/// <summary>Copies one more column.</summary>
[CdcPipeline("changed")]
public sealed partial class CopiedWider
{
    [PostgresSource("source"), PostgresSink("sink")]
    public partial Changes<WiderItem> Rows { get; }
}

/// <summary>Copies to another table as well.</summary>
[CdcPipeline("changed")]
public sealed partial class CopiedTwice
{
    [PostgresSource("source"), PostgresSink("sink"), PostgresSink("sink", Name = "audit", Table = "audit")]
    public partial Changes<Item> Rows { get; }
}

/// <summary>Copies to another table.</summary>
[CdcPipeline("changed")]
public sealed partial class CopiedElsewhere
{
    [PostgresSource("source"), PostgresSink("sink", Table = "elsewhere")]
    public partial Changes<Item> Rows { get; }
}

/// <summary>Copies another table.</summary>
[CdcPipeline("changed")]
public sealed partial class CopiedFromElsewhere
{
    [PostgresSource("source", Table = "other"), PostgresSink("sink")]
    public partial Changes<Item> Rows { get; }
}

/// <summary>Copies a second table too.</summary>
[CdcPipeline("changed")]
public sealed partial class CopiedBoth
{
    [PostgresSource("source"), PostgresSink("sink")]
    public partial Changes<Item> Rows { get; }

    [PostgresSource("source", Table = "other"), PostgresSink("sink", Name = "others", Table = "other")]
    public partial Changes<Item> Others { get; }
}

/// <summary>Copies some rows.</summary>
[CdcPipeline("changed")]
public sealed partial class Filtered
{
    [PostgresSource("source")]
    public partial Changes<Item> Rows { get; }

    [Filter(From = nameof(Rows)), PostgresSink("sink")]
    public static bool IsLow(Item item) => item.Id <= 2;
}

/// <summary>Copies more of them.</summary>
[CdcPipeline("changed")]
public sealed partial class FilteredLess
{
    [PostgresSource("source")]
    public partial Changes<Item> Rows { get; }

    [Filter(From = nameof(Rows)), PostgresSink("sink")]
    public static bool IsLow(Item item) => item.Id <= 4;
}

[CdcPipeline("changed")]
public sealed partial class FilteredMore
{
    [PostgresSource("source")]
    public partial Changes<Item> Rows { get; }

    [Filter(From = nameof(Rows)), PostgresSink("sink")]
    public static bool IsLow(Item item) => item.Id <= 1;
}

/// <summary>The same as <see cref="Filtered"/>, written otherwise.</summary>
[CdcPipeline("changed")]
public sealed partial class FilteredAlike
{
    [PostgresSource("source")]
    public partial Changes<Item> Rows { get; }

    // No row comes out otherwise for this.
    [Filter(From = nameof(Rows)), PostgresSink("sink")]
    internal static bool IsSmall(Item item) =>
        item.Id <= 2;
}

/// <summary>The same as <see cref="Filtered"/>, which calls something that is another now.</summary>
[CdcPipeline("changed")]
public sealed partial class FilteredByVersion
{
    [PostgresSource("source")]
    public partial Changes<Item> Rows { get; }

    [Filter(From = nameof(Rows), Version = "2"), PostgresSink("sink")]
    public static bool IsLow(Item item) => item.Id <= 2;
}
