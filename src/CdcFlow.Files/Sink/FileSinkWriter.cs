using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Formats;
using CdcFlow.Formats.Csv;
using CdcFlow.Formats.Json;
using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace CdcFlow.Files.Sink;

/// <summary>Encodes the changes of one sink into staged files.</summary>
internal sealed class FileSinkWriter<T, TCodec> : ISinkWriter<T>, IFileSinkWriter
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private const int FlushBytes = 256 * 1024;

    private readonly ConnectorContext context;
    private readonly IChangeEncoder<T> encoder;
    private readonly FileNames names;
    private readonly StagedFiles staged;
    private readonly FilePublisher publisher;
    private readonly ByteBuffer buffer = new(2 * FlushBytes);
    private Epoch epoch;
    private bool hasStarted;

    public FileSinkWriter(FileSinkOptions options, ConnectorContext context)
    {
        Options = options;
        this.context = context;
        encoder = options.Format == FileFormat.Csv ? new CsvEncoder<T, TCodec>(options.Text) : new JsonLinesEncoder<T, TCodec>(options.Text);
        names = new FileNames(context.Pipeline, options.Name, encoder.FileExtension);
        staged = new StagedFiles(context.Files, context.Time, options, names);
        publisher = new FilePublisher(context.Pipeline, context.Files, options, context.Log);
    }

    public FileSinkOptions Options { get; }

    public CheckpointRef? Marker() =>
        context.Files.ListFiles(Options.Folder).Select(names.CheckpointOf).Where(checkpoint => checkpoint is not null)
            .MaxBy(checkpoint => (checkpoint!.Value.Epoch, checkpoint.Value.Id));

    public void Open(Epoch epoch) => this.epoch = epoch;

    public ValueTask WriteAsync(ChangeBatch<T> batch, CancellationToken cancellationToken)
    {
        try
        {
            Start();
            Write(batch.Changes);
            return ValueTask.CompletedTask;
        }
        catch (Exception error) when (FileErrors.Covers(error))
        {
            throw FileErrors.Of(error, Options.Name, Options.Folder);
        }
    }

    public void EndInput() => staged.EndInput();

    public IReadOnlyList<StagedFile> Prepare(CheckpointRef checkpoint)
    {
        Flush();
        return staged.Prepare(checkpoint);
    }

    public void CommitPrepared(IReadOnlyList<StagedFile> staged)
    {
        publisher.PublishOwn(staged);
        this.staged.Committed();
    }

    public void CommitLeftBehind(IReadOnlyList<StagedFile> staged) => publisher.PublishLeftBehind(staged);

    public void Dispose()
    {
        staged.Dispose();
        encoder.Dispose();
        buffer.Dispose();
    }

    private void Start()
    {
        if (!hasStarted)
        {
            staged.Start(epoch);
            hasStarted = true;
        }
    }

    private void Write(ReadOnlySpan<Change<T>> changes)
    {
        foreach (ref readonly var change in changes)
        {
            if (!staged.IsOpen)
            {
                staged.Begin();
                encoder.WriteHeader(buffer);
            }

            Encode(change);
            if (staged.Length + buffer.Length >= Options.RollBytes)
            {
                Flush();
                staged.End();
            }
            else if (buffer.Length >= FlushBytes)
            {
                Flush();
            }
        }
    }

    private void Encode(in Change<T> change)
    {
        try
        {
            encoder.Write(change, buffer);
        }
        catch (CdcFlowException error)
        {
            throw new CdcFlowException(
                error.Code, $"Sink '{Options.Name}', a row of {change.Metadata.Table} at {change.Metadata.Offset}: {error.Happened}", error.Fix, error.Domain, inner: error)
            { IsSinkRefusal = true };
        }
    }

    private void Flush()
    {
        if (buffer.Length > 0)
        {
            staged.Append(buffer.Written);
            buffer.Clear();
        }
    }
}
