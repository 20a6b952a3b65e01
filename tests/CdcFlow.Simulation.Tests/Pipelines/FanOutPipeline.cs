using CdcFlow.Testing;

namespace CdcFlow.Simulation.Tests.Pipelines;

/// <summary>One table into a transactional, a staged and an idempotent sink.</summary>
[CdcPipeline("fanout")]
public sealed partial class FanOutPipeline
{
    [InMemorySource("shop"), InMemorySink("db"), InMemoryStagedSink("lake"), InMemoryIdempotentSink("search")]
    public partial Changes<Item> Items { get; }
}
