using CdcFlow.Configuration;
using CdcFlow.Sinks;
using CdcFlow.Testing;

// Several programs of one name are versions of one program, of which one runs after the other.
#pragma warning disable CDCF004

namespace CdcFlow.Hosting.Tests.WaysOut;

[CdcPipeline("rolled-back")]
public sealed partial class RolledBackPipeline
{
    [InMemorySource("rolled-back-db")]
    [InMemorySink("rolled-back-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("gap")]
public sealed partial class GapPipeline
{
    [InMemorySource("gap-db")]
    [InMemorySink("gap-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("neighbour")]
public sealed partial class NeighbourPipeline
{
    [InMemorySource("neighbour-db")]
    [InMemorySink("neighbour-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("newer")]
public sealed partial class NewerPipeline
{
    [InMemorySource("newer-db")]
    [InMemorySink("newer-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("two-sinks")]
public sealed partial class TwoSinksPipeline
{
    [InMemorySource("two-sinks-db")]
    [InMemorySink("two-sinks-out"), InMemoryStagedSink("two-sinks-lake")]
    public partial Changes<Item> Items { get; }
}

/// <summary>The same without its second sink.</summary>
[CdcPipeline("two-sinks")]
public sealed partial class OneSinkPipeline
{
    [InMemorySource("two-sinks-db")]
    [InMemorySink("two-sinks-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("given-up")]
public sealed partial class BeforeGivingUpPipeline
{
    [InMemorySource("given-up-db")]
    [InMemorySink("given-up-out"), InMemoryStagedSink("given-up-lake")]
    public partial Changes<Item> Items { get; }
}

/// <summary>The same without its second sink.</summary>
[CdcPipeline("given-up")]
public sealed partial class AfterGivingUpPipeline
{
    [InMemorySource("given-up-db")]
    [InMemorySink("given-up-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("two-sources")]
public sealed partial class TwoSourcesPipeline
{
    [InMemorySource("two-sources-db")]
    [InMemorySink("two-sources-out", Name = "two-sources-out")]
    public partial Changes<Item> Items { get; }

    [InMemorySource("two-sources-more")]
    [InMemorySink("two-sources-out", Name = "more")]
    public partial Changes<Item> More { get; }
}

/// <summary>The same without its second source.</summary>
[CdcPipeline("two-sources")]
public sealed partial class OneSourcePipeline
{
    [InMemorySource("two-sources-db")]
    [InMemorySink("two-sources-out", Name = "two-sources-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("unusable")]
public sealed partial class UnusablePipeline
{
    [InMemorySource("unusable-db")]
    [InMemorySink("unusable-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("unknown")]
public sealed partial class UnknownPipeline
{
    [InMemorySource("unknown-db")]
    [InMemorySink("unknown-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("gone")]
public sealed partial class GonePipeline
{
    [InMemorySource("gone-db")]
    [InMemorySink("gone-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("owned")]
public sealed partial class OwnedPipeline
{
    [InMemorySource("owned-db")]
    [InMemorySink("owned-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("contested")]
public sealed partial class ContestedPipeline
{
    [InMemorySource("contested-db")]
    [InMemorySink("contested-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("nameless")]
public sealed partial class NamelessPipeline
{
    [InMemorySource("nameless-db")]
    [InMemorySink("nameless-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("exposed")]
public sealed partial class ExposedPipeline
{
    [InMemorySource("exposed-db")]
    [InMemorySink("exposed-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("held")]
public sealed partial class HeldPipeline
{
    [InMemorySource("held-db")]
    [InMemorySink("held-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("failing")]
public sealed partial class FailingPipeline
{
    [InMemorySource("failing-db")]
    [InMemorySink("failing-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("forgotten")]
public sealed partial class ForgottenPipeline
{
    [InMemorySource("forgotten-db")]
    [InMemorySink("forgotten-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("later")]
public sealed partial class LaterPipeline
{
    [InMemorySource("later-db")]
    [InMemorySink("later-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("local")]
public sealed partial class LocalPipeline
{
    [InMemorySource("local-db")]
    [InMemorySink("local-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("forgetful")]
public sealed partial class ForgetfulPipeline
{
    [InMemorySource("forgetful-db")]
    [InMemorySink("forgetful-out")]
    public partial Changes<Item> Items { get; }
}

[CdcPipeline("configured")]
public sealed partial class ConfiguredPipeline
{
    [InMemorySource("configured-db")]
    [DemandingSink("configured-out")]
    public partial Changes<Item> Items { get; }
}

/// <summary>A transform of a program that was deployed before the service that it needs.</summary>
[CdcPipeline("served")]
public sealed partial class ServedPipeline(INames names)
{
    [InMemorySource("served-db")]
    public partial Changes<Item> Items { get; }

    [Transform(From = nameof(Items))]
    [InMemorySink("served-out")]
    public Item Name(Item item) => new(item.Id, names.Of(item));
}

/// <summary>What the transform needs.</summary>
public interface INames
{
    string Of(Item item);
}

/// <summary>A transactional sink that wants a connection string.</summary>
[SinkCapabilities(SinkKind.Transactional)]
public sealed class DemandingSinkAttribute(string connection) : SinkAttribute(connection)
{
    public override ISinkConnection CreateConnection(ConnectorContext context)
    {
        var text = context.ConnectionString ?? throw new CdcFlowException(
            ErrorCodes.ConfigurationMissing, "There is no connection string.", $"Set ConnectionStrings:{Connection}.");
        return text.Contains('=', StringComparison.Ordinal)
            ? new InMemorySinkAttribute(Connection).CreateConnection(context)
            : throw new FormatException($"'{text}' is no list of keywords.");
    }
}

[CdcPipeline("redefined")]
public sealed partial class BeforeRedefinitionPipeline
{
    [InMemorySource("redefined-db")]
    public partial Changes<Item> Items { get; }

    [Filter(From = nameof(Items)), InMemorySink("redefined-out")]
    public static bool IsFirst(Item item) => item.Id == 1;
}

/// <summary>The same, which lets more pass.</summary>
[CdcPipeline("redefined")]
public sealed partial class RedefinedPipeline
{
    [InMemorySource("redefined-db")]
    public partial Changes<Item> Items { get; }

    [Filter(From = nameof(Items)), InMemorySink("redefined-out")]
    public static bool IsFirst(Item item) => item.Id != 1;
}
