using CdcFlow.Batches;
using CdcFlow.Sinks;

namespace CdcFlow.Runtime.Nodes;

/// <summary>One sink of a connection, whatever its row type.</summary>
internal interface ISinkInput
{
    /// <summary>Writes a batch and releases it, or applies a schema change.</summary>
    ValueTask WriteAsync(StreamElement element, CancellationToken cancellationToken);
}

/// <summary>One sink of a connection.</summary>
internal sealed class SinkInput<T>(ISinkWriter<T> writer) : ISinkInput
    where T : class
{
    public async ValueTask WriteAsync(StreamElement element, CancellationToken cancellationToken)
    {
        switch (element)
        {
            case ChangeBatch<T> batch:
                await writer.WriteAsync(batch, cancellationToken);
                batch.Release();
                break;
            case SchemaChange change:
                await writer.ApplyAsync(change, cancellationToken);
                break;
            default:
                throw new System.Diagnostics.UnreachableException(element.GetType().Name);
        }
    }
}
