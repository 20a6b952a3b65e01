using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using CdcFlow.Files;
using CdcFlow.Postgres;

namespace CdcFlow.Replay.Tests;

/// <summary>A table and columns whose names need quotes everywhere.</summary>
[Table("Odd.1#2/3 \"T\"")]
public sealed record OddName([property: Key, Column("Id")] long Id, [property: Column("Select.\"Va lue")] string? Value);

/// <summary>Copies the table with the odd names.</summary>
[CdcPipeline("odd-names")]
public sealed partial class OddNames
{
    [PostgresSource("source"), PostgresSink("sink"), FileSink("files", Name = "journal")]
    public partial Changes<OddName> Rows { get; }
}

/// <summary>A table of a schema that is not the usual one.</summary>
[Table("t", Schema = "my schema")]
public sealed record OtherSchemaItem([property: Key] long Id, string? Value);

/// <summary>Copies the table of the other schema.</summary>
[CdcPipeline("other-schema")]
public sealed partial class OtherSchemaItems
{
    [PostgresSource("source"), PostgresSink("sink"), FileSink("files", Name = "journal")]
    public partial Changes<OtherSchemaItem> Rows { get; }
}
