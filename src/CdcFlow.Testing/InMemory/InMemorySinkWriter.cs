using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace CdcFlow.Testing;

/// <summary>Copies the changes of one sink out of their batches.</summary>
/// <param name="name">The sink's name.</param>
/// <param name="server">Where they go.</param>
/// <param name="epoch">Who writes.</param>
/// <param name="take">Takes the changes of one call.</param>
internal sealed class InMemorySinkWriter<T, TCodec>(
    string name, InMemorySinkServer server, Func<Epoch> epoch, Func<IReadOnlyList<WrittenChange>, ValueTask> take) : ISinkWriter<T>
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
                name, change.Operation, metadata.Source, metadata.Table, metadata.Offset, key, change.After, change, epoch(), write));
        }

        return take(changes);
    }

    public ValueTask ApplyAsync(SchemaChange change, CancellationToken cancellationToken)
    {
        server.Record(new WrittenSchemaChange(name, change, epoch(), server.NextWrite()));
        return ValueTask.CompletedTask;
    }
}
