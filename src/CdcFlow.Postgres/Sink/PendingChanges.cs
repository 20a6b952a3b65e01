using System.Globalization;
using CdcFlow.Formats;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Sink;

/// <summary>Changes that wait for the next merge, encoded, each key by its last state.</summary>
/// <remarks>
/// A merge applies deletes, whole rows and partial rows in this order and each key once, so a change that cannot stand for the one before it of the
/// same key (a partial row after a whole one) goes to the next round: rounds are merged one after the other. Keys are independent of each other.
/// </remarks>
internal sealed class PendingChanges<T, TCodec> : IDisposable
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private const int MostBytes = 4 * 1024 * 1024;
    private const int MostChanges = 20_000;

    private readonly ByteBuffer bytes = new(64 * 1024);
    private readonly List<Entry> entries = [];
    private readonly Dictionary<T, int> lastOfKey = new(KeyComparer.Instance);
    private readonly List<ColumnSet> patterns = [];

    public int Count => entries.Count;

    public bool IsFull => bytes.Length >= MostBytes || entries.Count >= MostChanges;

    /// <summary>How many merges are needed.</summary>
    public int Rounds { get; private set; }

    /// <summary>The patterns of columns that partial rows lack; a row's kind is the pattern's index + <see cref="RowKind.FirstPartial"/>.</summary>
    public IReadOnlyList<ColumnSet> Patterns => patterns;

    /// <summary>The first change that waits, and the last.</summary>
    public (ChangeMetadata First, ChangeMetadata Last) Range { get; private set; }

    /// <summary>A change of one key.</summary>
    public void AddByKey(in Change<T> change)
    {
        var kind = change.Operation == Operation.Delete ? RowKind.Delete : change.Unchanged is { } lacking ? KindOf(lacking) : RowKind.Row;
        var round = 0;
        if (lastOfKey.TryGetValue(change.Row, out var known))
        {
            var before = entries[known];
            var stands = StandsFor(kind, before.Kind);
            round = stands ? before.Round : before.Round + 1;
            entries[known] = before with { IsSuperseded = stands };
        }

        lastOfKey[change.Row] = entries.Count;
        Encode(change, kind, round);
    }

    /// <summary>A change that stands for itself, with where it comes from.</summary>
    public void AppendChange(in Change<T> change, AuditColumns audit) => Encode(change, RowKind.Row, round: 0, audit);

    /// <summary>The tuples of one round, by kind the number of rows, written to <paramref name="output"/> as a whole COPY stream.</summary>
    public RoundCounts WriteRound(int round, ByteBuffer output)
    {
        var counts = new RoundCounts(patterns.Count);
        CopyStream.Begin(output);
        foreach (var entry in entries)
        {
            if (entry.Round == round && !entry.IsSuperseded)
            {
                Append(entry, output, counts);
            }
        }

        CopyStream.End(output);
        return counts;
    }

    /// <summary>The changes of one round.</summary>
    public IReadOnlyList<int> InRound(int round) =>
        [.. Enumerable.Range(0, entries.Count).Where(index => entries[index].Round == round && !entries[index].IsSuperseded)];

    /// <summary>Some changes of one round as a whole COPY stream.</summary>
    public RoundCounts WriteSome(IReadOnlyList<int> indexes, ByteBuffer output)
    {
        var counts = new RoundCounts(patterns.Count);
        CopyStream.Begin(output);
        foreach (var index in indexes)
        {
            Append(entries[index], output, counts);
        }

        CopyStream.End(output);
        return counts;
    }

    /// <summary>A change as messages name it: its key and its place, never another value.</summary>
    public string NameOf(int index)
    {
        var (row, metadata) = (entries[index].Row, entries[index].Metadata);
        var key = row is null || TCodec.Schema.KeyColumns.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"key {TCodec.Key(row)}, ");
        return $"the row of {key}{metadata.Table}, offset {metadata.Offset}";
    }

    public void Clear()
    {
        bytes.Clear();
        entries.Clear();
        lastOfKey.Clear();
        patterns.Clear();
        Rounds = 0;
    }

    public void Dispose() => bytes.Dispose();

    /// <summary>Whether the later change alone has the effect of both.</summary>
    private bool StandsFor(short later, short earlier)
    {
        if (later < RowKind.FirstPartial)
        {
            return true;
        }

        if (earlier < RowKind.FirstPartial)
        {
            return false;
        }

        var (lacksLater, lacksEarlier) = (patterns[later - RowKind.FirstPartial], patterns[earlier - RowKind.FirstPartial]);
        for (var column = 0; column < TCodec.Schema.Columns.Count; column++)
        {
            if (lacksLater.Contains(column) && !lacksEarlier.Contains(column))
            {
                return false;
            }
        }

        return true;
    }

    private short KindOf(ColumnSet lacking)
    {
        var index = patterns.IndexOf(lacking);
        if (index < 0)
        {
            index = patterns.Count;
            patterns.Add(lacking);
        }

        return (short)(index + RowKind.FirstPartial);
    }

    private void Append(in Entry entry, ByteBuffer output, RoundCounts counts)
    {
        output.Append(bytes.Written.Slice(entry.Start, entry.Length));
        counts.Add(entry.Kind);
    }

    private void Encode(in Change<T> change, short kind, int round, AuditColumns? audit = null)
    {
        var start = bytes.Length;
        var columns = TCodec.Schema.Columns.Count;
        CopyValue.Int16(bytes, (short)(2 + columns + (audit is null ? 0 : AuditColumns.Count)));
        CopyValue.Append(bytes, kind);
        CopyValue.Append(bytes, entries.Count);
        var row = new CopyRowWriter(bytes, columns, change.Unchanged);
        if (change.After is { } after)
        {
            TCodec.Write(after, ref row);
        }
        else if (change.Before is { } before && TCodec.Schema.KeyColumns.Count > 0)
        {
            TCodec.WriteKey(before, ref row);
        }
        else if (change.Before is { } keyless)
        {
            TCodec.Write(keyless, ref row);
        }

        row.EndRow();
        audit?.Append(bytes, change.Operation, change.Metadata, change.Unchanged);
        Range = (entries.Count == 0 ? change.Metadata : Range.First, change.Metadata);
        Rounds = Math.Max(Rounds, round + 1);
        entries.Add(new Entry(start, bytes.Length - start, kind, round, IsSuperseded: false, change.After ?? change.Before, change.Metadata));
    }

    private readonly record struct Entry(int Start, int Length, short Kind, int Round, bool IsSuperseded, T? Row, ChangeMetadata Metadata);

    private sealed class KeyComparer : IEqualityComparer<T>
    {
        public static readonly KeyComparer Instance = new();

        public bool Equals(T? left, T? right) => TCodec.KeyEquals(left!, right!);

        public int GetHashCode(T row) => TCodec.KeyHash(row);
    }
}

/// <summary>How many rows of each kind a round has.</summary>
internal sealed class RoundCounts(int patterns)
{
    private readonly int[] partial = new int[patterns];

    public int Deletes { get; private set; }

    public int Rows { get; private set; }

    public int Partial(int pattern) => partial[pattern];

    public void Add(short kind)
    {
        switch (kind)
        {
            case RowKind.Delete: Deletes++; break;
            case RowKind.Row: Rows++; break;
            default: partial[kind - RowKind.FirstPartial]++; break;
        }
    }
}
