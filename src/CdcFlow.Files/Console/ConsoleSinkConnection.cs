using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Formats;
using CdcFlow.Formats.Json;
using CdcFlow.Rejects;
using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace CdcFlow.Files.Console;

/// <summary>Standard output, shared by all sinks that print.</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="output">Where to print; not closed.</param>
internal sealed class ConsoleSinkConnection(string pipeline, Stream output) : ISinkConnection, ISinkRejects
{
    private readonly List<IDisposable> writers = [];

    public SinkKind Kind => SinkKind.AtLeastOnce;

    public ISinkRejects Rejects => this;

    public void Require(string sink)
    {
    }

    public async ValueTask AddAsync(string sink, RejectedChange rejected, CancellationToken cancellationToken)
    {
        using var buffer = new ByteBuffer();
        buffer.Append("{\"rejected\":"u8);
        RejectJson.Write(buffer, pipeline, sink, rejected);
        buffer.Append("}\n"u8);
        try
        {
            await output.WriteAsync(buffer.WrittenMemory, cancellationToken);
            await output.FlushAsync(cancellationToken);
        }
        catch (IOException error)
        {
            throw FileErrors.Closed(error);
        }
    }

    public ValueTask<RejectList> ListAsync(int max, CancellationToken cancellationToken) => ValueTask.FromResult(new RejectList([], "standard output"));

    // What is printed is gone.
    public SinkContent? ContentOf(string sink) => null;

    public ISinkWriter<T> AddWriter<T, TCodec>(SinkAttribute attribute, string name, ConnectorSettings settings)
        where T : class
        where TCodec : struct, IRowCodec<T>
    {
        var naming = settings.GetEnum(nameof(ConsoleSinkAttribute.Naming), ((ConsoleSinkAttribute)attribute).Naming);
        var writer = new ConsoleSinkWriter<T, TCodec>(output, new TextFormatOptions { Naming = naming });
        writers.Add(writer);
        return writer;
    }

    public ValueTask<PreflightReport> PreflightAsync(CancellationToken cancellationToken) => ValueTask.FromResult(new PreflightReport("console", []));

    public ValueTask<SinkMarker?> ReadMarkerAsync(CancellationToken cancellationToken) => ValueTask.FromResult<SinkMarker?>(null);

    public ValueTask<IReadOnlyList<PipelineTrace>?> FindTracesAsync(TraceScope scope, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<PipelineTrace>?>([]);

    public ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken) => ValueTask.FromResult<CheckpointRef?>(null);

    public ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) => ValueTask.FromResult(Committable.None);

    public ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        writers.ForEach(writer => writer.Dispose());
        return ValueTask.CompletedTask;
    }
}
