using CdcFlow.Files;
using CdcFlow.Postgres;

namespace CdcFlow.Tool.Tests.Scaffolded;

/// <summary>Reads what was scaffolded.</summary>
[CdcPipeline("scaffolded")]
public sealed partial class ScaffoldedPipeline
{
    [PostgresSource("app")]
    [FileSink("out", Name = "every-type")]
    public partial Changes<EveryType> EveryTypes { get; }

    [PostgresSource("app")]
    [FileSink("out", Name = "events")]
    public partial Changes<Event> Events { get; }

    [PostgresSource("app")]
    [FileSink("out", Name = "categories")]
    public partial Changes<Category> Categories { get; }
}
