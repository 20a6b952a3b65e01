using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Files;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests;

/// <summary>The row type of most cases: a number as key, and one column of any type, as the server's own text.</summary>
[Table("t")]
public sealed record Item([property: Key] long Id, string? Value);

/// <summary>Copies table <c>t</c>, and writes every change to files.</summary>
[CdcPipeline("items")]
public sealed partial class Items
{
    [PostgresSource("source"), PostgresSink("sink"), FileSink("files", Name = "journal")]
    public partial Changes<Item> Rows { get; }
}

/// <summary>As <see cref="Item"/>, with a key of any type, as the server's own text.</summary>
[Table("t")]
public sealed record TextItem([property: Key] string Id, string? Value);

/// <summary>Copies table <c>t</c> by a key of any type.</summary>
[CdcPipeline("text-items")]
public sealed partial class TextItems
{
    [PostgresSource("source"), PostgresSink("sink"), FileSink("files", Name = "journal")]
    public partial Changes<TextItem> Rows { get; }
}
