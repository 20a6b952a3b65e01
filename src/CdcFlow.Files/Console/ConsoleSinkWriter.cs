using CdcFlow.Batches;
using CdcFlow.Formats;
using CdcFlow.Formats.Json;
using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace CdcFlow.Files.Console;

/// <summary>Prints the changes of one sink.</summary>
internal sealed class ConsoleSinkWriter<T, TCodec>(Stream output, TextFormatOptions options) : ISinkWriter<T>, IDisposable
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private readonly JsonLinesEncoder<T, TCodec> encoder = new(options);
    private readonly ByteBuffer buffer = new();

    public async ValueTask WriteAsync(ChangeBatch<T> batch, CancellationToken cancellationToken)
    {
        buffer.Clear();
        Encode(batch.Changes);
        try
        {
            // Whole lines in one write: nothing else that prints can come between.
            await output.WriteAsync(buffer.WrittenMemory, cancellationToken);
            await output.FlushAsync(cancellationToken);
        }
        catch (IOException error)
        {
            throw FileErrors.Closed(error);
        }
    }

    public void Dispose()
    {
        encoder.Dispose();
        buffer.Dispose();
    }

    private void Encode(ReadOnlySpan<Change<T>> changes)
    {
        foreach (ref readonly var change in changes)
        {
            encoder.Write(change, buffer);
        }
    }
}
