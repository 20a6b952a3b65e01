using CdcFlow.Testing;

namespace CdcFlow.Simulation.Tests.Pipelines;

/// <summary>One table into a transactional sink, which decides, and a staged one, which follows.</summary>
[CdcPipeline("small")]
public sealed partial class SmallPipeline
{
    [InMemorySource("shop"), InMemorySink("db"), InMemoryStagedSink("lake")]
    public partial Changes<Item> Items { get; }
}
