using CdcFlow;
using CdcFlow.Batches;
using CdcFlow.Rows;
using CdcFlow.Sinks;

namespace ThirdParty.FooSink.Ledger;

/// <summary>A change as the server takes it.</summary>
/// <param name="Sink">The sink's name.</param>
/// <param name="Operation">What happened.</param>
/// <param name="Key">The row's key; null for a truncate.</param>
/// <param name="Values">The new row's values in the schema's order; null where there is no new row.</param>
/// <param name="Missing">The columns of them that have no value.</param>
internal sealed record LedgerWrite(string Sink, Operation Operation, object? Key, object?[]? Values, ColumnSet? Missing);

/// <summary>Takes the changes of one sink apart: a batch is gone after the call, its rows are not to be kept.</summary>
internal sealed class LedgerWriter<T, TCodec>(string sink, List<LedgerWrite> writes) : ISinkWriter<T>
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    public ValueTask WriteAsync(ChangeBatch<T> batch, CancellationToken cancellationToken)
    {
        foreach (ref readonly var change in batch.Changes)
        {
            var key = change.Operation == Operation.Truncate ? null : TCodec.Key(change.Row);
            writes.Add(new LedgerWrite(sink, change.Operation, key, change.After is { } row ? ValuesOf(row) : null, change.Missing));
        }

        return ValueTask.CompletedTask;
    }

    private static object?[] ValuesOf(T row)
    {
        var writer = new LedgerValues(new object?[TCodec.Schema.Columns.Count]);
        TCodec.Write(row, ref writer);
        return writer.Values;
    }
}
