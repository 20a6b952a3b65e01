using CdcFlow.Files;
using CdcFlow.Postgres;

// Several programs of one name are versions of one program, of which one runs after the other.
#pragma warning disable CDCF004

namespace CdcFlow.Replay.Tests.WaysOut;

/// <summary>Copies table <c>t</c>, and writes every change to files twice.</summary>
[CdcPipeline("moved-files")]
public sealed partial class TwoJournals
{
    [PostgresSource("source"), PostgresSink("sink"), FileSink("files", Name = "journal"), FileSink("files", Name = "diary")]
    public partial Changes<Item> Rows { get; }
}

/// <summary>One of the file sinks has another name, and the same folder.</summary>
[CdcPipeline("moved-files")]
public sealed partial class RenamedJournal
{
    [PostgresSource("source"), PostgresSink("sink"), FileSink("files", Name = "journal"), FileSink("files", Name = "logbook", Folder = "diary")]
    public partial Changes<Item> Rows { get; }
}

/// <summary>One of the file sinks has another folder.</summary>
[CdcPipeline("moved-files")]
public sealed partial class MovedJournal
{
    [PostgresSource("source"), PostgresSink("sink"), FileSink("files", Name = "journal"), FileSink("files", Name = "diary", Folder = "elsewhere")]
    public partial Changes<Item> Rows { get; }
}

/// <summary>One of the file sinks is gone.</summary>
[CdcPipeline("moved-files")]
public sealed partial class OneJournal
{
    [PostgresSource("source"), PostgresSink("sink"), FileSink("files", Name = "journal")]
    public partial Changes<Item> Rows { get; }
}

/// <summary>Both file sinks are gone, and their connection.</summary>
[CdcPipeline("moved-files")]
public sealed partial class NoJournal
{
    [PostgresSource("source"), PostgresSink("sink")]
    public partial Changes<Item> Rows { get; }
}
