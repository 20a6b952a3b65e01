using CdcFlow.Rows;

namespace CdcFlow.Postgres.Sink;

/// <summary>Tells apart rows that have one key for a while, by their other columns: a source may check its key at a transaction's end only, and then
/// <c>SET id = id + 1</c> brings a row under a key before the row leaves that had it.</summary>
internal sealed class OverlappingKeys<T, TCodec>(TupleBuffer<T, TCodec> tuples, List<PendingRow<T>> rows, IEqualityComparer<T> comparer)
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private const int MostRemembered = 1_000_000;

    // What a part of the transaction under way has put under its keys in the table; the rows that had them are no longer there to be removed.
    private readonly Dictionary<T, UInt128> written = new(comparer);
    private ulong transaction;

    /// <summary>The waiting row that a change is about; none: the table's.</summary>
    public int Find(KeyState state, in Change<T> change)
    {
        if (state.Newest == KeyState.None || !change.Metadata.Origin.KeysMayOverlap || change.BeforeState != BeforeState.Full
            || (state.IsRemoved && rows[state.Newest].Older == KeyState.None))
        {
            return state.Newest;
        }

        var row = state.Newest;
        while (row != KeyState.None && !tuples.IsSame(change.Before!, rows[row]))
        {
            row = rows[row].Older;
        }

        return row;
    }

    /// <summary>Whether a change removes a row from under a key where the table has another by now: then there is nothing to do.</summary>
    public bool IsOvertaken(in Change<T> change)
    {
        if (transaction != change.Metadata.Origin.Transaction)
        {
            written.Clear();
        }

        if (written.Count == 0 || change.BeforeState != BeforeState.Full || !written.TryGetValue(change.Row, out var there))
        {
            return false;
        }

        if (change.Operation == Operation.Delete && there != tuples.HashOf(change.Before!))
        {
            return true;
        }

        written.Remove(change.Row);
        return false;
    }

    /// <summary>Remembers what a merge is to put under its keys, where the transaction may go on.</summary>
    public void Remember(Dictionary<T, KeyState> keys, ChangeMetadata last)
    {
        transaction = last.Origin.Transaction;
        if (!last.Origin.KeysMayOverlap)
        {
            written.Clear();
            return;
        }

        foreach (var (key, state) in keys)
        {
            if (state.Newest != KeyState.None && state.Last.Origin.Transaction == transaction)
            {
                written[key] = tuples.HashOf(rows[state.Newest]);
            }
        }

        if (written.Count > MostRemembered)
        {
            throw PostgresSinkErrors.TooManyOverlap(last.Table, MostRemembered);
        }
    }

    /// <summary>Forgets what was written: the table was emptied.</summary>
    public void Forget() => written.Clear();
}
