using System.Text.Json;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.IO;
using CdcFlow.Rows;
using CdcFlow.Runtime;
using CdcFlow.Sinks;
using CdcFlow.Sources;
using CdcFlow.Testing;
using CdcFlow.Testing.Simulation;

namespace CdcFlow.Simulation.Tests.Museum;

/// <summary>Puts broken connectors in front of right ones.</summary>
internal sealed class BrokenConnectors(
    IConnectorResolver inner, Func<ISourceConnector, ISourceConnector>? source, Func<string, ISinkConnection, ISinkConnection>? sink) : IConnectorResolver
{
    public ISourceConnector Source(CdcSourceAttribute attribute) => source?.Invoke(inner.Source(attribute)) ?? inner.Source(attribute);

    public ISinkConnection Sink(SinkAttribute attribute, ConnectorSettings settings) =>
        sink?.Invoke(attribute.Connection, inner.Sink(attribute, settings)) ?? inner.Sink(attribute, settings);
}

/// <summary>A source to break: right unless a member is overridden.</summary>
internal abstract class SourceShell(ISourceConnector inner) : ISourceConnector, ISourceReader
{
    private ISourceReader? reader;

    public SourceProgress Progress => reader!.Progress;

    public void AddTable<T, TCodec>(CdcSourceAttribute attribute, string nodeId)
        where T : class
        where TCodec : struct, IRowCodec<T> => inner.AddTable<T, TCodec>(attribute, nodeId);

    public ValueTask<PreflightReport> PreflightAsync(JsonElement? state, CancellationToken cancellationToken) => inner.PreflightAsync(state, cancellationToken);

    public virtual async ValueTask<ISourceReader> OpenAsync(SourceOpenContext context, CancellationToken cancellationToken)
    {
        reader = await inner.OpenAsync(context, cancellationToken);
        return this;
    }

    public virtual ValueTask<SourceRound?> ReadAsync(CancellationToken cancellationToken) => reader!.ReadAsync(cancellationToken);

    public virtual ValueTask ConfirmAsync(DurableCheckpoint checkpoint, SourceState state, CancellationToken cancellationToken) =>
        reader!.ConfirmAsync(checkpoint, state, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A sink connection to break from outside: right unless a member is overridden.</summary>
internal abstract class SinkShell(ISinkConnection inner) : ISinkConnection
{
    public SinkKind Kind => inner.Kind;

    protected Epoch Epoch { get; private set; }

    public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T> => inner.AddWriter<T, TCodec>(attribute, name, settings);

    public ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken) => inner.PreflightAsync(cancellationToken);

    public virtual ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken) => inner.ReadMarkerAsync(cancellationToken);

    public virtual ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken)
    {
        Epoch = context.Epoch;
        return inner.OpenAsync(context, cancellationToken);
    }

    public void EndInput() => inner.EndInput();

    public virtual ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) =>
        inner.PrepareAsync(checkpoint, cancellationToken);

    public virtual ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken) => inner.CommitAsync(permit, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

/// <summary>A transactional sink to break from inside: right unless a member is overridden.</summary>
internal abstract class TransactionalShell(InMemorySinkServer server, SimulatedProcess process) : ISinkConnection
{
    /// <summary>The right connection that this one stands for: it tells the world which sinks there are.</summary>
    public required ISinkConnection Right { get; init; }

    public SinkKind Kind => SinkKind.Transactional;

    protected InMemorySinkServer Server => server;

    protected Epoch Epoch { get; private set; }

    /// <summary>The open transaction's changes.</summary>
    protected List<WrittenChange> Open { get; } = [];

    public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        Right.AddWriter<T, TCodec>(attribute, name, settings);
        return new InMemorySinkWriter<T, TCodec>(name, server, () => Epoch, TakeAsync);
    }

    public ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken) => ValueTask.FromResult(new PreflightReport("sink db", []));

    public async ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken)
    {
        await StepAsync("read the marker");
        return Read();
    }

    public async ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken)
    {
        Epoch = context.Epoch;
        await StepAsync("open");
        return Fence(context);
    }

    public virtual async ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken)
    {
        await StepAsync("prepare");
        return Committable.None;
    }

    public virtual async ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken)
    {
        await StepAsync("commit");
        server.CommitTransaction(permit.Checkpoint, Open);
        Open.Clear();
        await StepAsync("answer to commit");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected virtual SinkMarker? Read() => server.Read();

    protected virtual CheckpointRef? Fence(SinkOpenContext context) => server.Open(context);

    protected virtual void Take(IReadOnlyList<WrittenChange> changes) => Open.AddRange(changes);

    protected ValueTask StepAsync(string name) => process.StepAsync($"sink db: {name}");

    private async ValueTask TakeAsync(IReadOnlyList<WrittenChange> changes)
    {
        await StepAsync("write");
        server.Record(changes);
        Take(changes);
    }
}

/// <summary>A disk that forgets to flush.</summary>
internal sealed class CarelessFiles(IFileSystem inner, bool skipsFiles, bool skipsDirectories) : IFileSystem
{
    public void CreateDirectory(string path, UnixFileMode? mode = null) => inner.CreateDirectory(path, mode);

    public IFileWriter Create(string path, UnixFileMode? mode = null) => new Writer(inner.Create(path, mode), skipsFiles);

    public bool Exists(string path) => inner.Exists(path);

    public long Length(string path) => inner.Length(path);

    public byte[] ReadAllBytes(string path) => inner.ReadAllBytes(path);

    public Stream OpenRead(string path) => inner.OpenRead(path);

    public IReadOnlyList<string> ListFiles(string directory) => inner.ListFiles(directory);

    public void Rename(string from, string to) => inner.Rename(from, to);

    public void Delete(string path) => inner.Delete(path);

    public void SyncDirectory(string path)
    {
        if (!skipsDirectories)
        {
            inner.SyncDirectory(path);
        }
    }

    public IDisposable? TryLock(string path) => inner.TryLock(path);

    private sealed class Writer(IFileWriter inner, bool skips) : IFileWriter
    {
        public long Length => inner.Length;

        public void Write(ReadOnlySpan<byte> bytes) => inner.Write(bytes);

        public void Sync()
        {
            if (!skips)
            {
                inner.Sync();
            }
        }

        public void Dispose() => inner.Dispose();
    }
}
