using CdcFlow.Batches;
using CdcFlow.Rejects;
using CdcFlow.Sinks;

namespace CdcFlow.Runtime.Nodes;

/// <summary>One sink of a connection, whatever its row type.</summary>
internal interface ISinkInput
{
    /// <summary>Writes a batch and releases it, applies a schema change, or has a rejected change kept.</summary>
    ValueTask WriteAsync(StreamElement element, CancellationToken cancellationToken);

    /// <summary>A barrier passes.</summary>
    void Cut();
}

/// <summary>One sink of a connection.</summary>
/// <param name="name">Its name.</param>
/// <param name="writer">Takes its changes.</param>
/// <param name="connection">Its connection.</param>
internal sealed class SinkInput<T>(string name, ISinkWriter<T> writer, ISinkConnection connection) : ISinkInput
    where T : class
{
    /// <summary>What was kept since the last barrier: over a merge, one change comes by several ways.</summary>
    private readonly HashSet<RejectedChange> kept = [];

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
            case RejectedChange rejected when kept.Add(rejected):
                await connection.Rejects!.AddAsync(name, rejected, cancellationToken);
                break;
            case RejectedChange:
                break;
            default:
                throw new System.Diagnostics.UnreachableException(element.GetType().Name);
        }
    }

    public void Cut() => kept.Clear();
}
