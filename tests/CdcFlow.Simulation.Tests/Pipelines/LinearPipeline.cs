using CdcFlow.Testing;

namespace CdcFlow.Simulation.Tests.Pipelines;

/// <summary>A table into a transactional sink.</summary>
[CdcPipeline("linear")]
public sealed partial class LinearPipeline
{
    [InMemorySource("shop"), InMemorySink("db")]
    public partial Changes<Item> Items { get; }
}
