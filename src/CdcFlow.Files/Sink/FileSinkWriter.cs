using CdcFlow.Batches;
using CdcFlow.Configuration;
using CdcFlow.Formats;
using CdcFlow.Formats.Csv;
using CdcFlow.Formats.Json;
using CdcFlow.Rejects;
using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace CdcFlow.Files.Sink;

/// <summary>Encodes the changes of one sink into its files.</summary>
/// <remarks>A change that has no form in the format is set aside, skipped, or stops the pipeline, as <see cref="OnError"/> says.</remarks>
internal sealed class FileSinkWriter<T, TCodec> : ISinkWriter<T>, IDisposable
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private readonly IChangeEncoder<T> encoder;
    private readonly FileRejects rejects;
    private readonly Func<IRejectCount> rejectCount;

    public FileSinkWriter(FileSinkOptions options, ConnectorContext context, FileRejects rejects, Func<IRejectCount> rejectCount)
    {
        this.rejects = rejects;
        this.rejectCount = rejectCount;
        encoder = options.Format == FileFormat.Csv ? new CsvEncoder<T, TCodec>(options.Text) : new JsonLinesEncoder<T, TCodec>(options.Text);
        Output = new FileOutput(options, context, new FileNames(context.Pipeline, options.Name, encoder.FileExtension));
        if (options.OnError == OnError.DeadLetter)
        {
            rejects.Require();
        }
    }

    /// <summary>The files.</summary>
    public FileOutput Output { get; }

    private FileSinkOptions Options => Output.Options;

    public ValueTask WriteAsync(ChangeBatch<T> batch, CancellationToken cancellationToken)
    {
        try
        {
            Output.Start();
            Write(batch.Changes);
            return ValueTask.CompletedTask;
        }
        catch (Exception error) when (FileErrors.Covers(error))
        {
            throw FileErrors.Of(error, Options.Name, Options.Folder);
        }
    }

    public void Dispose() => encoder.Dispose();

    private void Write(ReadOnlySpan<Change<T>> changes)
    {
        foreach (ref readonly var change in changes)
        {
            if (Output.Begin())
            {
                encoder.WriteHeader(Output.Buffer);
            }

            Encode(change);
            Output.Written();
        }
    }

    private void Encode(in Change<T> change)
    {
        var start = Output.Buffer.Length;
        try
        {
            encoder.Write(change, Output.Buffer);
        }
        catch (CdcFlowException error)
        {
            var key = change.Operation == Operation.Truncate ? null : RowEvidence<T, TCodec>.Key(change.Row);
            var refused = new CdcFlowException(
                error.Code, $"Sink '{Options.Name}', a row of {(key is null ? "" : $"key {key}, ")}{change.Metadata.Table} at {change.Metadata.Offset}: {error.Happened}", error.Fix, error.Domain, inner: error)
            { IsSinkRefusal = true };
            if (Options.OnError == OnError.Stop)
            {
                throw refused;
            }

            Output.Buffer.Truncate(start);
            Reject(change, key, refused);
        }
    }

    private void Reject(in Change<T> change, string? key, CdcFlowException refused)
    {
        var rejected = new RejectedChange
        {
            Node = Options.Name,
            Metadata = change.Metadata,
            Operation = change.Operation,
            Code = refused.Code,
            Cause = refused.Happened,
            Key = key,
            Row = RowEvidence<T, TCodec>.Row(change),
        };
        rejectCount().Add(rejected, isKept: Options.OnError == OnError.DeadLetter);
        if (Options.OnError == OnError.DeadLetter)
        {
            rejects.Add(rejected);
        }
    }
}
