using CdcFlow.Capture.Budgets;
using CdcFlow.Capture.Rounds;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Source;

/// <summary>One node's output: makes changes of its row type out of the server's rows.</summary>
/// <remarks>Touched by the log's reader only, except <see cref="NewChunk"/>, which snapshot readers call.</remarks>
internal abstract class TableOutput(int index, TableId table, string nodeId, RowSchema schema)
{
    internal int Index { get; } = index;

    internal TableId Table { get; } = table;

    /// <summary>The node, for messages.</summary>
    internal string NodeId { get; } = nodeId;

    internal RowSchema Schema { get; } = schema;

    /// <summary>The table as a schema lock had it when the program was compiled; null: none had it.</summary>
    internal TableSchema? Locked { get; init; }

    /// <summary>Connects the output to the rounds; before anything else.</summary>
    internal abstract void Open(RoundBuilder round);

    /// <summary>Binds the row type to the table as the log describes it from now on. Where it does not fit, that is an error only once a row is to be handed over.</summary>
    internal abstract void Bind(LoggedColumns columns);

    /// <summary>An inserted row; or the second half of a key update, whose untouched columns may stand in the old row.</summary>
    internal abstract void Insert(TupleData row, OldTupleKind oldKind, TupleData old, ChangeMetadata metadata, List<HeldChange>? held);

    internal abstract void Update(OldTupleKind oldKind, TupleData old, TupleData row, ChangeMetadata metadata, List<HeldChange>? held);

    internal abstract void Delete(OldTupleKind oldKind, TupleData old, ChangeMetadata metadata, List<HeldChange>? held);

    internal abstract void Truncate(ChangeMetadata metadata);

    /// <summary>Binds the row type to the table as the snapshot reads it; before <see cref="NewChunk"/>.</summary>
    internal abstract void BindSnapshot(IReadOnlyList<ServerColumn> columns);

    /// <summary>What reads this output's rows of one chunk, for one snapshot reader.</summary>
    internal abstract ChunkOutput NewChunk();
}

/// <inheritdoc/>
internal sealed class TableOutput<T, TCodec>(int index, TableId table, string nodeId) : TableOutput(index, table, nodeId, TCodec.Schema)
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private RoundBatch<T> batch = null!;
    private ColumnBinding binding = null!;
    private ColumnBinding snapshotBinding = null!;
    private CdcFlowException? misfit;

    internal override void Open(RoundBuilder round) => batch = round.BatchOf<T>(Index);

    internal override void Bind(LoggedColumns columns)
    {
        misfit = null;
        try
        {
            binding = ColumnBinding.ForLog(Schema, Table.ToString(), columns.Carried, columns.NotCarried, columns.Lacking);
        }
        catch (CdcFlowException e)
        {
            misfit = e;
        }
    }

    internal override void Insert(TupleData row, OldTupleKind oldKind, TupleData old, ChangeMetadata metadata, List<HeldChange>? held)
    {
        if (IsMisfit(held))
        {
            return;
        }

        var after = After(row, oldKind, old, out var missing);
        Put(new Change<T>(Operation.Insert, BeforeState.Absent, null, after, missing, metadata), RowSize.Of(row.Bytes) + (row.HasUnchanged ? RowSize.Of(old.Bytes) : 0), held);
    }

    internal override void Update(OldTupleKind oldKind, TupleData old, TupleData row, ChangeMetadata metadata, List<HeldChange>? held)
    {
        if (IsMisfit(held))
        {
            return;
        }

        // An old row that holds only the key says nothing new when the key is the same.
        var before = oldKind == OldTupleKind.Full ? Whole(old) : null;
        var after = After(row, oldKind, old, out var missing);
        var state = before is null ? BeforeState.Absent : BeforeState.Full;
        Put(new Change<T>(Operation.Update, state, before, after, missing, metadata), RowSize.Of(row.Bytes) + RowSize.Of(old.Bytes), held);
    }

    internal override void Delete(OldTupleKind oldKind, TupleData old, ChangeMetadata metadata, List<HeldChange>? held)
    {
        if (IsMisfit(held))
        {
            return;
        }

        var change = oldKind == OldTupleKind.Full ? Change<T>.Delete(Whole(old), metadata) : Change<T>.DeleteByKey(Key(old), metadata);
        Put(change, RowSize.Of(old.Bytes), held);
    }

    internal override void Truncate(ChangeMetadata metadata) => batch.Add(Change<T>.Truncate(metadata), 0);

    internal override void BindSnapshot(IReadOnlyList<ServerColumn> columns) =>
        snapshotBinding = ColumnBinding.ForCopy(Schema, Table.ToString(), columns);

    internal override ChunkOutput NewChunk() => new ChunkOutput<T, TCodec>(Index, snapshotBinding);

    // A row that waits may be one that the snapshot shows, and is dropped unread then.
    private bool IsMisfit(List<HeldChange>? held)
    {
        if (misfit is not null && held is null)
        {
            throw misfit;
        }

        if (misfit is not null)
        {
            held!.Add(new MisfitChange(misfit) { Bytes = 0 });
        }

        return misfit is not null;
    }

    private void Put(in Change<T> change, long bytes, List<HeldChange>? held)
    {
        if (held is null)
        {
            batch.Add(change, bytes);
        }
        else
        {
            held.Add(new HeldChange<T>(batch, change) { Bytes = bytes });
        }
    }

    private T After(TupleData row, OldTupleKind oldKind, TupleData old, out ColumnSet? missing)
    {
        var reader = new PostgresRowReader(row, binding);
        var isKeyOnly = oldKind == OldTupleKind.Key;
        missing = binding.MissingOf(row, old, isKeyOnly);
        try
        {
            if (!row.HasUnchanged || oldKind == OldTupleKind.None)
            {
                return TCodec.Read(ref reader);
            }

            // The server repeats a key that is stored out of line in the old row, whatever the identity.
            var filled = new FilledRowReader(reader, new PostgresRowReader(old, binding), isKeyOnly);
            return TCodec.Read(ref filled);
        }
        catch (CdcFlowException e) when (RowName.IsMissingFrom(e))
        {
            throw RowName.AddTo<T, TCodec>(e, reader);
        }
    }

    private T Whole(TupleData old)
    {
        var reader = new PostgresRowReader(old, binding);
        try
        {
            return TCodec.Read(ref reader);
        }
        catch (CdcFlowException e) when (RowName.IsMissingFrom(e))
        {
            throw RowName.AddTo<T, TCodec>(e, reader);
        }
    }

    private T Key(TupleData old)
    {
        var reader = new PostgresRowReader(old, binding);
        return TCodec.ReadKey(ref reader);
    }
}
