using CdcFlow.Files;
using CdcFlow.Testing;

// Several programs of one name are versions of one program, of which one runs after the other.
#pragma warning disable CDCF004

namespace CdcFlow.Hosting.Tests;

[CdcPipeline("untouched")]
public sealed partial class UntouchedPipeline
{
    [InMemorySource("untouched-db")]
    [InMemorySink("untouched-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("stood")]
public sealed partial class StoodPipeline
{
    [InMemorySource("stood-db")]
    [InMemorySink("stood-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("lively")]
public sealed partial class LivelyPipeline
{
    [InMemorySource("lively-db")]
    [InMemorySink("lively-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("partly")]
public sealed partial class PartlyPipeline
{
    [InMemorySource("partly-db")]
    [InMemorySink("partly-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("apart")]
public sealed partial class ApartPipeline
{
    [InMemorySource("apart-db")]
    [InMemorySink("apart-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("reshaped")]
public sealed partial class BeforeReshapingPipeline
{
    [InMemorySource("reshaped-db")]
    public partial Changes<Item> Items { get; }

    [Filter(From = nameof(Items)), InMemorySink("reshaped-out")]
    public static bool IsKept(Item item) => item.Id == 1;
}

/// <summary>The same, which lets more pass.</summary>
[CdcPipeline("reshaped")]
public sealed partial class ReshapedPipeline
{
    [InMemorySource("reshaped-db")]
    public partial Changes<Item> Items { get; }

    [Filter(From = nameof(Items)), InMemorySink("reshaped-out")]
    public static bool IsKept(Item item) => item.Id != 1;
}

[CdcPipeline("emptied")]
public sealed partial class EmptiedPipeline
{
    [InMemorySource("emptied-db")]
    [InMemorySink("emptied-out"), FileSink("emptied-files", Name = "audit")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("interrupted")]
public sealed partial class InterruptedPipeline
{
    [InMemorySource("interrupted-db")]
    [InMemorySink("interrupted-out"), InMemoryStagedSink("interrupted-lake")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("guarded")]
public sealed partial class GuardedPipeline
{
    [InMemorySource("guarded-db")]
    [InMemorySink("guarded-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("skipped")]
public sealed partial class SkippedPipeline
{
    [InMemorySource("skipped-db")]
    [InMemorySink("skipped-out"), InMemoryStagedSink("skipped-lake")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("refused-place")]
public sealed partial class RefusedPlacePipeline
{
    [InMemorySource("refused-db")]
    [InMemorySink("refused-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("unread")]
public sealed partial class UnreadPipeline
{
    [InMemorySource("unread-db")]
    [InMemorySink("unread-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("busy")]
public sealed partial class BusyPipeline
{
    [InMemorySource("busy-db")]
    [InMemorySink("busy-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("lossy")]
public sealed partial class LossyPipeline
{
    [InMemorySource("lossy-db")]
    [InMemorySink("lossy-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("rewritten")]
public sealed partial class BeforeRewritingPipeline
{
    [InMemorySource("rewritten-db")]
    public partial Changes<Item> Items { get; }

    [Filter(From = nameof(Items)), InMemorySink("rewritten-out")]
    public static bool IsKept(Item item) => item.Id > 0;
}

/// <summary>The same, which lets more pass.</summary>
[CdcPipeline("rewritten")]
public sealed partial class RewrittenPipeline
{
    [InMemorySource("rewritten-db")]
    public partial Changes<Item> Items { get; }

    [Filter(From = nameof(Items)), InMemorySink("rewritten-out")]
    public static bool IsKept(Item item) => item.Id > -1;
}

/// <summary>Its sink does not know what it has made.</summary>
[CdcPipeline("reticent")]
public sealed partial class ReticentPipeline
{
    [InMemorySource("reticent-db")]
    [StubSink("reticent-out")]
    public partial Changes<Item> Items { get; }
}
