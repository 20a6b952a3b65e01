using CdcFlow.Batches;
using CdcFlow.Capture.Budgets;
using CdcFlow.Postgres.Source;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>Makes one output's batches out of the rows of a snapshot. Touched by one snapshot reader.</summary>
internal abstract class ChunkOutput(int output, ColumnBinding binding)
{
    private protected const int BatchRows = 1024;
    private protected const int BatchBytes = 1 << 20;

    /// <summary>The output's index.</summary>
    internal int Output { get; } = output;

    /// <summary>The expressions to copy, in order.</summary>
    internal string SelectList { get; } = binding.SelectList;

    private protected ColumnBinding Binding { get; } = binding;

    /// <summary>Adds a row; returns a batch when one is full.</summary>
    internal abstract ReadBatch? Add(TupleData row, ChangeMetadata metadata);

    /// <summary>The last, partly filled batch; null when there is none.</summary>
    internal abstract ReadBatch? Take();
}

/// <inheritdoc/>
internal sealed class ChunkOutput<T, TCodec>(int output, ColumnBinding binding) : ChunkOutput(output, binding)
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private ChangeBatch<T>? open;
    private long bytes;

    internal override ReadBatch? Add(TupleData row, ChangeMetadata metadata)
    {
        var reader = new PostgresRowReader(row, Binding);
        open ??= new ChangeBatch<T>(BatchRows);
        try
        {
            open.Add(Change<T>.SnapshotRead(TCodec.Read(ref reader), metadata));
        }
        catch (CdcFlowException e) when (RowName.IsMissingFrom(e))
        {
            throw RowName.AddTo<T, TCodec>(e, reader);
        }

        bytes += RowSize.Of(row.Bytes);
        return open.Count == BatchRows || bytes >= BatchBytes ? Take() : null;
    }

    internal override ReadBatch? Take()
    {
        ReadBatch? batch = open is null ? null : new ReadBatch(open, bytes);
        (open, bytes) = (null, 0);
        return batch;
    }
}
