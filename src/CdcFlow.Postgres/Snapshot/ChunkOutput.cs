using CdcFlow.Batches;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>Makes one output's batches out of the rows of a snapshot. Touched by one snapshot reader.</summary>
internal abstract class ChunkOutput(int output, ColumnBinding binding)
{
    private protected const int BatchRows = 1024;

    /// <summary>The output's index.</summary>
    internal int Output { get; } = output;

    /// <summary>The expressions to copy, in order.</summary>
    internal string SelectList { get; } = binding.SelectList;

    private protected ColumnBinding Binding { get; } = binding;

    /// <summary>Adds a row; returns a batch when one is full.</summary>
    internal abstract ChangeBatch? Add(TupleData row, ChangeMetadata metadata);

    /// <summary>The last, partly filled batch; null when there is none.</summary>
    internal abstract ChangeBatch? Take();
}

/// <inheritdoc/>
internal sealed class ChunkOutput<T, TCodec>(int output, ColumnBinding binding) : ChunkOutput(output, binding)
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private ChangeBatch<T>? open;

    internal override ChangeBatch? Add(TupleData row, ChangeMetadata metadata)
    {
        var reader = new PostgresRowReader(row, Binding);
        open ??= new ChangeBatch<T>(BatchRows);
        open.Add(Change<T>.SnapshotRead(TCodec.Read(ref reader), metadata));
        return open.Count == BatchRows ? Take() : null;
    }

    internal override ChangeBatch? Take()
    {
        var batch = open;
        open = null;
        return batch;
    }
}
