using System.Runtime.InteropServices;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Sink;

/// <summary>Tells apart rows that have one key for a while, by their other columns: a source may check its key at a transaction's end only, and then
/// <c>SET id = id + 1</c> brings a row under a key before the row leaves that had it.</summary>
internal sealed class OverlappingKeys<T, TCodec>(TupleBuffer<T, TCodec> tuples, List<PendingRow<T>> rows, int mostKeys, int mostBytes)
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    // What a part of the transaction under way has put under its keys in the table, as far as other rows may have had them: by hashes of the keys, of the values.
    private readonly Dictionary<UInt128, (UInt128 Values, ColumnSet? Lacking)> written = [];

    // Rows that the table does not have, for another has their key there; by the same hashes. One of the two is to leave before the transaction ends.
    private readonly Dictionary<UInt128, List<OvertakenRow>> overtaken = [];
    private long overtakenBytes;
    private ulong transaction;

    /// <summary>The waiting row that a change is about; none: the table's.</summary>
    public int Find(KeyState state, in Change<T> change)
    {
        if (state.Newest == KeyState.None || !change.Metadata.Origin.Table.KeysMayOverlap || change.BeforeState != BeforeState.Full
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

    /// <summary>Finds out whether the row that a change is about has its key in the table; where another has it by now, the change is dealt with here.</summary>
    public KeyHolder Settle(in Change<T> change)
    {
        if (transaction != change.Metadata.Origin.Transaction.Place)
        {
            Forget();
        }

        if (written.Count + overtaken.Count == 0 || change.BeforeState != BeforeState.Full)
        {
            return KeyHolder.Unknown;
        }

        var key = tuples.HashOfKey(change.Row);
        if (TryTake(key, change.Before!))
        {
            Keep(key, change);
            return KeyHolder.Another;
        }

        if (!written.TryGetValue(key, out var there))
        {
            return KeyHolder.Unknown;
        }

        if (there.Values != tuples.HashOf(change.Before!, there.Lacking))
        {
            Keep(key, change);
            return KeyHolder.Another;
        }

        written.Remove(key);
        return KeyHolder.Written;
    }

    /// <summary>A row that gets its key back, since the one that had overtaken it has left.</summary>
    public PendingRow<T>? Return(T row)
    {
        if (overtaken.Count == 0 || !overtaken.TryGetValue(tuples.HashOfKey(row), out var waiting))
        {
            return null;
        }

        var back = waiting[^1];
        Remove(tuples.HashOfKey(row), waiting, waiting.Count - 1);
        return new PendingRow<T>(tuples.Append(back.Fields), back.Lacking, back.Lacking is null ? null : row) { MayOverlap = true };
    }

    /// <summary>Remembers what a merge is to put under its keys, where the transaction may go on.</summary>
    public void Remember(Dictionary<T, KeyState> keys, ChangeMetadata last)
    {
        if (!last.Origin.Table.KeysMayOverlap || last.Origin.Transaction.Place != transaction)
        {
            Forget();
        }

        transaction = last.Origin.Transaction.Place;
        foreach (var (key, state) in last.Origin.Table.KeysMayOverlap ? keys : [])
        {
            if (state.Newest != KeyState.None && state.Last.Origin.Transaction.Place == transaction)
            {
                Remember(key, rows[state.Newest]);
            }
        }

        if (written.Count > mostKeys || overtakenBytes > mostBytes)
        {
            throw PostgresSinkErrors.TooManyOverlap(last.Table, mostKeys, mostBytes);
        }
    }

    /// <summary>Forgets what was written: the table was emptied, or the transaction is over.</summary>
    public void Forget()
    {
        written.Clear();
        overtaken.Clear();
        overtakenBytes = 0;
    }

    private void Remember(T row, in PendingRow<T> newest)
    {
        var isAlone = newest.Older == KeyState.None;
        if (isAlone && !newest.MayOverlap && overtaken.Count == 0)
        {
            return;
        }

        var key = tuples.HashOfKey(row);
        if (isAlone && !newest.MayOverlap && !overtaken.ContainsKey(key))
        {
            return;
        }

        written[key] = (tuples.HashOf(newest), newest.Lacking);
        for (var older = newest.Older; older != KeyState.None; older = rows[older].Older)
        {
            Keep(key, new OvertakenRow(tuples.Copy(rows[older]), rows[older].Lacking));
        }
    }

    private void Keep(UInt128 key, in Change<T> change)
    {
        if (change.After is { } after)
        {
            Keep(key, new OvertakenRow(tuples.Copy(after, change.Missing), change.Missing));
        }
    }

    private void Keep(UInt128 key, OvertakenRow row)
    {
        ref var waiting = ref CollectionsMarshal.GetValueRefOrAddDefault(overtaken, key, out _);
        (waiting ??= []).Add(row);
        overtakenBytes += row.Fields.Length;
    }

    private bool TryTake(UInt128 key, T before)
    {
        if (!overtaken.TryGetValue(key, out var waiting) || waiting.FindIndex(row => tuples.IsSame(before, row.Fields, row.Lacking)) is not (>= 0 and var index))
        {
            return false;
        }

        Remove(key, waiting, index);
        return true;
    }

    private void Remove(UInt128 key, List<OvertakenRow> waiting, int index)
    {
        overtakenBytes -= waiting[index].Fields.Length;
        waiting.RemoveAt(index);
        if (waiting.Count == 0)
        {
            overtaken.Remove(key);
        }
    }

    private readonly record struct OvertakenRow(byte[] Fields, ColumnSet? Lacking);
}

/// <summary>Who has the key of a change's old row in the table.</summary>
internal enum KeyHolder
{
    /// <summary>Nobody that an earlier part of the transaction put there.</summary>
    Unknown,

    /// <summary>The old row, which an earlier part of the transaction put there.</summary>
    Written,

    /// <summary>Another row: there is nothing to do in the table.</summary>
    Another,
}
