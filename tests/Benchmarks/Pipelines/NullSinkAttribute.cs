using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace CdcFlow.Benchmarks.Pipelines;

/// <summary>Counts rows and forgets them.</summary>
[SinkCapabilities(SinkKind.Idempotent)]
public sealed class NullSinkAttribute(string connection) : SinkAttribute(connection)
{
    /// <inheritdoc/>
    public override ISinkConnection CreateConnection(ConnectorContext context) => new NullSink();
}

/// <summary>The counts of this process's null sinks.</summary>
internal sealed class NullSink : ISinkConnection
{
    private static long rows;

    /// <summary>Rows that arrived so far.</summary>
    internal static long Rows => Volatile.Read(ref rows);

    /// <summary>Called with the count after each batch.</summary>
    internal static Action<long>? Arrived { get; set; }

    public SinkKind Kind => SinkKind.Idempotent;

    public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T> => new Counter<T>();

    public ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken) => new(new PreflightReport("null sink", []));

    public ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken) => new((SinkMarker?)null);

    public ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken) => new((CheckpointRef?)null);

    public ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) => new(Committable.None);

    public ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken) => default;

    public ValueTask DisposeAsync() => default;

    private sealed class Counter<T> : ISinkWriter<T>
        where T : class
    {
        public ValueTask WriteAsync(ChangeBatch<T> batch, CancellationToken cancellationToken)
        {
            var arrived = Interlocked.Add(ref rows, batch.Count);
            Arrived?.Invoke(arrived);
            return default;
        }
    }
}
