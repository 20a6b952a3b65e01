using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using CdcFlow.Testing;

namespace CdcFlow.Hosting.Tests.WaysOut;

/// <summary>A transform that throws on short names and is not told what to do then.</summary>
[CdcPipeline("flawed")]
public sealed partial class FlawedPipeline
{
    [InMemorySource("flawed-db")]
    public partial Changes<Item> Items { get; }

    [Transform(From = nameof(Items))]
    [InMemorySink("flawed-out")]
    public static Item Shorten(Item item) => new(item.Id, item.Name[..3]);
}

/// <summary>One that skips them, and may not skip many.</summary>
[CdcPipeline("skipping")]
public sealed partial class SkippingPipeline
{
    [InMemorySource("skipping-db")]
    public partial Changes<Item> Items { get; }

    [Transform(From = nameof(Items), OnError = OnError.Skip)]
    [InMemorySink("skipping-out")]
    public static Item Shorten(Item item) => new(item.Id, item.Name[..3]);
}

/// <summary>One that sets them aside, before a sink that has no place for them.</summary>
[CdcPipeline("placeless")]
public sealed partial class PlacelessPipeline
{
    [InMemorySource("placeless-db")]
    public partial Changes<Item> Items { get; }

    [Transform(From = nameof(Items), OnError = OnError.DeadLetter)]
    [PlacelessSink("placeless-out")]
    public static Item Shorten(Item item) => new(item.Id, item.Name[..3]);
}

/// <summary>An in-memory sink that keeps no rejects.</summary>
[SinkCapabilities(SinkKind.Transactional)]
public sealed class PlacelessSinkAttribute(string connection) : SinkAttribute(connection)
{
    public override ISinkConnection CreateConnection(ConnectorContext context) =>
        new Placeless(new InMemorySinkConnection(Connection, InMemorySinkServer.Named(Connection, SinkKind.Transactional), process: null));

    private sealed class Placeless(ISinkConnection inner) : ISinkConnection
    {
        public SinkKind Kind => inner.Kind;

        public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
            where T : class
            where TCodec : struct, IRowCodec<T> => inner.AddWriter<T, TCodec>(attribute, name, settings);

        public ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken) => inner.PreflightAsync(cancellationToken);

        public ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken) => inner.ReadMarkerAsync(cancellationToken);

        public ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken) => inner.OpenAsync(context, cancellationToken);

        public ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) => inner.PrepareAsync(checkpoint, cancellationToken);

        public ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken) => inner.CommitAsync(permit, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
