using CdcFlow.Batches;
using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace CdcFlow.Testing;

/// <summary>Copies the changes of one sink out of their batches.</summary>
internal sealed class InMemorySinkWriter<T, TCodec>(string name, InMemorySinkConnection connection, InMemorySinkServer server) : ISinkWriter<T>
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private static readonly bool hasKey = TCodec.Schema.KeyColumns.Count > 0;

    public ValueTask WriteAsync(ChangeBatch<T> batch, CancellationToken cancellationToken)
    {
        var write = server.NextWrite();
        var changes = new List<WrittenChange>(batch.Count);
        foreach (ref readonly var change in batch.Changes)
        {
            var metadata = change.Metadata;
            var key = hasKey && change.Operation != Operation.Truncate ? TCodec.Key(change.Row) : null;
            changes.Add(new WrittenChange(
                name, change.Operation, metadata.Source, metadata.Table, metadata.Offset, key, change.After, change, connection.Epoch, write));
        }

        return connection.WriteAsync(changes);
    }
}
