using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Formats;
using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace CdcFlow.Files.Console;

/// <summary>Standard output, shared by all sinks that print.</summary>
/// <param name="output">Where to print; not closed.</param>
internal sealed class ConsoleSinkConnection(Stream output) : ISinkConnection
{
    private readonly List<IDisposable> writers = [];

    public SinkKind Kind => SinkKind.AtLeastOnce;

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

    public ValueTask<CheckpointRef?> OpenAsync(SinkOpenContext context, CancellationToken cancellationToken) => ValueTask.FromResult<CheckpointRef?>(null);

    public ValueTask<Committable> PrepareAsync(CheckpointRef checkpoint, CancellationToken cancellationToken) => ValueTask.FromResult(Committable.None);

    public ValueTask CommitAsync(CommitPermit permit, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        writers.ForEach(writer => writer.Dispose());
        return ValueTask.CompletedTask;
    }
}
