using System.Globalization;
using System.Runtime.InteropServices;
using CdcFlow.Formats;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Sink;

/// <summary>Changes that wait for the next merge: of each key, what is left of it when all of them are applied, encoded.</summary>
/// <remarks>
/// What a change does not carry is taken from the change before it of the same row, also where the row had another key then; else from the table's
/// row, under the key that it has there. So one merge, which knows each key once, has the effect of all.
/// </remarks>
internal sealed class PendingChanges<T, TCodec> : IDisposable
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private const int MostBytes = 4 * 1024 * 1024;
    private const int MostOverlappingKeys = 1_000_000; // 60 bytes each
    private const int MostOvertakenBytes = 64 * 1024 * 1024;

    private readonly int mostChanges;

    private readonly TupleBuffer<T, TCodec> tuples = new();
    private readonly List<PendingRow<T>> rows = [];
    private readonly Dictionary<T, KeyState> keys = new(KeyComparer.Instance);
    private readonly OverlappingKeys<T, TCodec> overlapping;
    private readonly List<StagedRow<T>> staged = [];
    private readonly List<ColumnSet> patterns = [];
    private Departure<T>? departure;

    /// <param name="mostChanges">How many changes make it full.</param>
    /// <param name="mostOverlappingKeys">How many keys may be remembered of a transaction whose keys may overlap.</param>
    /// <param name="mostOvertakenBytes">How many bytes of rows whose key another row has in the table.</param>
    public PendingChanges(int mostChanges = 20_000, int mostOverlappingKeys = MostOverlappingKeys, int mostOvertakenBytes = MostOvertakenBytes)
    {
        this.mostChanges = mostChanges;
        overlapping = new OverlappingKeys<T, TCodec>(tuples, rows, mostOverlappingKeys, mostOvertakenBytes);
    }

    /// <inheritdoc cref="TargetBinding.Zoned"/>
    public bool[]? Zoned
    {
        set => tuples.Zoned = value;
    }

    /// <summary>How many changes wait.</summary>
    public int Count { get; private set; }

    public bool IsFull => tuples.Bytes >= MostBytes || Count >= mostChanges;

    /// <summary>The patterns of columns that staged rows lack; see <see cref="RowKind"/>.</summary>
    public IReadOnlyList<ColumnSet> Patterns => patterns;

    /// <summary>The first change that waits, and the last.</summary>
    public (ChangeMetadata First, ChangeMetadata Last) Range { get; private set; }

    /// <summary>Whether rows may have one key for a while, so that a change cannot be told from one of another row.</summary>
    public bool KeysMayOverlap => Range.First.Origin.Table.KeysMayOverlap || Range.Last.Origin.Table.KeysMayOverlap;

    /// <summary>What waits, as messages name it.</summary>
    public string RangeName => $"{Range.First.Table}, offsets {Range.First.Offset} to {Range.Last.Offset}";

    /// <summary>How many rows are staged; their places are from 0.</summary>
    public int Staged => staged.Count;

    /// <summary>Applies a change of one key.</summary>
    /// <returns>False when it lacks columns and nothing has them: the row that had them was removed before.</returns>
    public bool AddByKey(in Change<T> change)
    {
        Note(change);
        var holder = overlapping.Settle(change);
        if (holder == KeyHolder.Another)
        {
            return true;
        }

        ref var state = ref CollectionsMarshal.GetValueRefOrAddDefault(keys, change.Row, out var isKnown);
        var operations = (isKnown ? state.Operations.First : change.Operation, change.Operation);
        state = (isKnown ? Settled(state, change.Metadata) : new KeyState(KeyState.None, IsRemoved: false, change.Metadata)) with { Operations = operations };
        var isInsert = change.Operation is Operation.Insert or Operation.SnapshotRead;
        var isBeside = isInsert && change.Metadata.Origin.Table.KeysMayOverlap;
        var current = isBeside ? KeyState.None : overlapping.Find(state, change);
        if (change.Operation == Operation.Delete)
        {
            departure = DepartureOf(change, current);
            state = Without(state, current, change.Metadata.Origin.Table.KeysMayOverlap);
            state = holder == KeyHolder.Written && overlapping.Return(change.Row) is { } back ? With(state, back) : state;
            return true;
        }

        if (!TryComplete(change, isInsert, state, current, out var row))
        {
            return false;
        }

        state = isBeside ? state : Without(state, current, change.Metadata.Origin.Table.KeysMayOverlap);
        state = With(state, row with { MayOverlap = isBeside || holder == KeyHolder.Written || (current != KeyState.None && rows[current].MayOverlap) });
        return true;
    }

    /// <summary>A delete that is not to be applied: an insert under another key may still take columns from the row.</summary>
    public void Ignore(in Change<T> delete) =>
        departure = DepartureOf(delete, keys.TryGetValue(delete.Row, out var state) ? overlapping.Find(state, delete) : KeyState.None);

    /// <summary>A change that stands for itself, with where it comes from.</summary>
    public void AppendChange(in Change<T> change, AuditColumns audit)
    {
        Note(change);
        staged.Add(new StagedRow<T>(RowKind.Row, new PendingRow<T>(tuples.Encode(change, audit), null, null), change.After ?? change.Before, change.Metadata) { Operations = (change.Operation, change.Operation) });
    }

    /// <summary>Ends the collecting: each key's last state is a row to be staged.</summary>
    public void Stage()
    {
        if (keys.Count == 0)
        {
            return; // appended ones are staged already
        }

        staged.Clear();
        patterns.Clear();
        foreach (var (key, state) in keys)
        {
            if (state.HasEffect)
            {
                staged.Add(StagedRow(key, state));
            }
        }
    }

    /// <summary>Staged rows as a whole COPY stream.</summary>
    /// <param name="places">Which; null: all.</param>
    /// <param name="isAppend">Whether they were appended.</param>
    /// <param name="output">Where to.</param>
    public MergeCounts Write(IReadOnlyList<int>? places, bool isAppend, ByteBuffer output)
    {
        var counts = new MergeCounts(patterns.Count);
        CopyStream.Begin(output);
        for (var index = 0; index < (places?.Count ?? staged.Count); index++)
        {
            var place = places?[index] ?? index;
            tuples.Write(staged[place], place, isAppend, output);
            counts.Add(staged[place].Kind);
        }

        CopyStream.End(output);
        return counts;
    }

    /// <summary>A staged row as messages name it: its key and its place in the log, never another value.</summary>
    public string NameOf(int place)
    {
        var (row, metadata) = (staged[place].Row, staged[place].Metadata);
        var key = row is null || TCodec.Schema.KeyColumns.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"key {TCodec.Key(row)}, ");
        return $"{key}{metadata.Table}, offset {metadata.Offset}";
    }

    /// <summary>A staged row.</summary>
    public StagedRow<T> StagedAt(int place) => staged[place];

    /// <summary>They are in the table.</summary>
    public void Written()
    {
        overlapping.Remember(keys, Range.Last);
        Clear();
    }

    /// <summary>The table is to be emptied instead.</summary>
    public void Forget()
    {
        overlapping.Forget();
        Clear();
    }

    public void Dispose() => tuples.Dispose();

    private void Clear()
    {
        tuples.Clear();
        rows.Clear();
        staged.Clear();
        keys.Clear();
        patterns.Clear();
        (departure, Count) = (null, 0);
    }

    private void Note(in Change<T> change)
    {
        Range = (Count == 0 ? change.Metadata : Range.First, change.Metadata);
        Count++;
    }

    /// <summary>As the next transaction finds a key: it has one row at most, which has taken the table's place.</summary>
    private KeyState Settled(KeyState state, ChangeMetadata metadata)
    {
        if (state.Last.Origin.Transaction.Place == metadata.Origin.Transaction.Place || state.Newest == KeyState.None)
        {
            return state with { Last = metadata };
        }

        rows[state.Newest] = rows[state.Newest] with { Older = KeyState.None, MayOverlap = false };
        return new KeyState(state.Newest, IsRemoved: true, metadata) { Operations = state.Operations };
    }

    /// <summary>The key without one of its rows; where keys do not overlap, that is the only one.</summary>
    private KeyState Without(KeyState state, int row, bool mayOverlap)
    {
        if (!mayOverlap || row == KeyState.None)
        {
            return state with { Newest = mayOverlap ? state.Newest : KeyState.None, IsRemoved = true };
        }

        if (row == state.Newest)
        {
            return state with { Newest = rows[row].Older };
        }

        var newer = state.Newest;
        while (rows[newer].Older != row)
        {
            newer = rows[newer].Older;
        }

        rows[newer] = rows[newer] with { Older = rows[row].Older };
        return state;
    }

    private KeyState With(KeyState state, PendingRow<T> row)
    {
        rows.Add(row with { Older = state.Newest });
        return state with { Newest = rows.Count - 1 };
    }

    private Departure<T> DepartureOf(in Change<T> delete, int row) => new(delete.Row, row == KeyState.None ? null : rows[row], delete.Metadata);

    /// <summary>A change's new row, with the columns that it lacks taken from the row before it, as far as one waits.</summary>
    private bool TryComplete(in Change<T> change, bool isInsert, KeyState state, int current, out PendingRow<T> row)
    {
        var moved = isInsert && departure is { } left && left.LeadsTo(change.Metadata) ? departure : null;
        if (change.Missing is not { } lacking || (isInsert && moved is null && !lacking.HasUnchanged))
        {
            // Of a new row's columns that the log never has, nothing older is to be kept.
            row = new PendingRow<T>(tuples.Encode(change), null, null);
            return true;
        }

        var before = moved is { } departed ? departed.Known : current == KeyState.None ? null : rows[current];
        var fields = tuples.Encode(change);
        if (before is not { } known)
        {
            row = new PendingRow<T>(fields, lacking, moved?.Row ?? change.Row);
            return moved is not null || !state.IsRemoved;
        }

        var still = known.Lacking is null ? null : Common(lacking, known.Lacking);
        row = new PendingRow<T>(tuples.Combine(fields, lacking, known.Fields), still, still is null ? null : known.CarriedFrom);
        return true;
    }

    private static ColumnSet? Common(ColumnSet left, ColumnSet right)
    {
        bool[] members = [.. Enumerable.Range(0, TCodec.Schema.Columns.Count).Select(column => left.Contains(column) && right.Contains(column))];
        return members.Contains(true) ? new ColumnSet(TCodec.Schema, members) : null;
    }

    private StagedRow<T> StagedRow(T key, KeyState state)
    {
        if (state.Newest == KeyState.None)
        {
            return new StagedRow<T>(RowKind.Delete, default, key, state.Last) { Operations = state.Operations };
        }

        var row = rows[state.Newest];
        var kind = row.Lacking is null ? RowKind.Row : RowKind.Lacking(PatternOf(row.Lacking), isMoved: !TCodec.KeyEquals(row.CarriedFrom!, key));
        return new StagedRow<T>(kind, row, key, state.Last) { Operations = state.Operations };
    }

    private int PatternOf(ColumnSet lacking)
    {
        var index = patterns.IndexOf(lacking); // a reader hands out the same object for the same pattern
        if (index < 0)
        {
            bool[] members = [.. Enumerable.Range(0, TCodec.Schema.Columns.Count).Select(lacking.Contains)];
            index = patterns.FindIndex(pattern => pattern.Matches(members));
        }

        if (index < 0)
        {
            patterns.Add(lacking);
        }

        return index < 0 ? patterns.Count - 1 : index;
    }

    private sealed class KeyComparer : IEqualityComparer<T>
    {
        public static readonly KeyComparer Instance = new();

        public bool Equals(T? left, T? right) => TCodec.KeyEquals(left!, right!);

        public int GetHashCode(T row) => TCodec.KeyHash(row);
    }
}
