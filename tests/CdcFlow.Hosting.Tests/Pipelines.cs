using System.ComponentModel.DataAnnotations;
using CdcFlow.Testing;

namespace CdcFlow.Hosting.Tests;

public sealed record Item([property: Key] long Id, string Name);

/// <summary>Runs from memory to memory. Each test that runs a pipeline has its own: databases and sinks are known by name in the process.</summary>
[CdcPipeline("bounded")]
public sealed partial class BoundedPipeline
{
    [InMemorySource("bounded-db")]
    [InMemorySink("bounded-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("stopped")]
public sealed partial class StoppedPipeline
{
    [InMemorySource("stopped-db")]
    [InMemorySink("stopped-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("paused")]
public sealed partial class PausedPipeline
{
    [InMemorySource("paused-db")]
    [InMemorySink("paused-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("metered")]
public sealed partial class MeteredPipeline
{
    [InMemorySource("metered-db")]
    [InMemorySink("metered-connection", Name = "metered-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("corrupt")]
public sealed partial class CorruptPipeline
{
    [InMemorySource("corrupt-db")]
    [InMemorySink("corrupt-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("foreign")]
public sealed partial class ForeignPipeline
{
    [InMemorySource("corrupt-db")]
    [InMemorySink("foreign-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("lost")]
public sealed partial class LostPipeline
{
    [InMemorySource("lost-db")]
    [InMemorySink("lost-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("erased")]
public sealed partial class ErasedPipeline
{
    [InMemorySource("erased-db")]
    [InMemorySink("erased-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("measured")]
public sealed partial class MeasuredPipeline
{
    [InMemorySource("measured-db")]
    [InMemorySink("measured-out")]
    public partial Changes<Item> Items { get; }
}

/// <summary>A program before and after it was fixed.</summary>
[CdcPipeline("mistaken")]
public sealed partial class MistakenPipeline
{
    [InMemorySource("mistaken-db")]
    public partial Changes<Item> Items { get; }

    internal static bool IsFixed { get; set; }

    [Transform(From = nameof(Items))]
    [InMemorySink("mistaken-out")]
    public static Item Shorten(Item item) => new(item.Id, IsFixed ? item.Name : item.Name[..3]);
}

[CdcPipeline("damaged")]
public sealed partial class DamagedPipeline
{
    [InMemorySource("damaged-db")]
    [InMemorySink("damaged-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("vanishing")]
public sealed partial class VanishingPipeline
{
    [InMemorySource("vanishing-db")]
    [InMemorySink("vanishing-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("file")]
public sealed partial class FilePipeline
{
    [InMemorySource("file-db")]
    [InMemorySink("file-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("default-store")]
public sealed partial class DefaultStorePipeline
{
    [InMemorySource("default-store-db")]
    [InMemorySink("default-store-out")]
    public partial Changes<Item> Items { get; }
}

/// <summary>Never opens anything: for configuration and checks.</summary>
[CdcPipeline("checked")]
public sealed partial class CheckedPipeline
{
    [StubSource("shop", ChunkRows = 100)]
    [StubSink("lake", Name = "raw")]
    public partial Changes<Item> Items { get; }

    [Filter(From = nameof(Items))]
    public static bool Named(Item item) => item.Name.Length > 0;

    [Transform(From = nameof(Named), MaxConcurrency = 4, Ordering = Ordering.PerKey)]
    [StubSink("lake", Name = "enriched")]
    public static ValueTask<Item> EnrichAsync(Item item, CancellationToken cancellationToken) => ValueTask.FromResult(item);
}

[CdcPipeline("steady")]
public sealed partial class SteadyPipeline
{
    [InMemorySource("steady-db")]
    [InMemorySink("steady-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("doomed")]
public sealed partial class DoomedPipeline
{
    [InMemorySource("doomed-db")]
    [InMemorySink("doomed-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("told")]
public sealed partial class ToldPipeline
{
    [InMemorySource("told-db")]
    [InMemorySink("told-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("hung-up")]
public sealed partial class HungUpPipeline
{
    [InMemorySource("hung-up-db")]
    [InMemorySink("hung-up-out")]
    public partial Changes<Item> Items { get; }
}
