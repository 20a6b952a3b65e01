using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow;
using CdcFlow.Files;
using CdcFlow.Postgres;

namespace LargeRows;

/// <summary>A row that may be large.</summary>
[Table("document", Schema = "public")]
public sealed record Document([property: Key] long Id, string? Body, byte[]? Data);

/// <summary>Forgets the rows.</summary>
[CdcPipeline("large-null")]
public sealed partial class ToNowhere
{
    [PostgresSource("shop")]
    [MeasuringSink("null")]
    public partial Changes<Document> Documents { get; }
}

/// <summary>Writes them to files.</summary>
[CdcPipeline("large-files")]
public sealed partial class ToFiles
{
    [PostgresSource("shop")]
    [FileSink("files")]
    public partial Changes<Document> Documents { get; }
}

/// <summary>Writes them to another table.</summary>
[CdcPipeline("large-postgres")]
public sealed partial class ToPostgres
{
    [PostgresSource("shop")]
    [PostgresSink("shop", Table = "copied", CreateTable = true)]
    public partial Changes<Document> Documents { get; }
}
