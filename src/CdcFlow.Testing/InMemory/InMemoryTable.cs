using CdcFlow.Batches;
using CdcFlow.Rows;

namespace CdcFlow.Testing;

/// <summary>One output of an in-memory source: turns log events and initial rows of one row type into batches.</summary>
/// <remarks>Touched only by the reader.</remarks>
internal abstract class InMemoryTable(string name)
{
    /// <summary>The table's name; the key of its progress in the state.</summary>
    public string Name { get; } = name;

    /// <summary>Initial rows read; <see cref="InMemorySourceState.Complete"/> when the snapshot is done.</summary>
    public int RowsRead { get; protected set; }

    /// <summary>Initial rows read, also when the snapshot is done.</summary>
    public abstract long Rows { get; }

    /// <summary>Whether the event is one of this table.</summary>
    public abstract bool Has(LoggedEvent logged);

    /// <summary>How many changes the event is: two where it changes the key.</summary>
    public abstract short ChangesOf(LoggedEvent logged);

    /// <summary>Adds one change of an event to the open batch, unless a later chunk will read its row.</summary>
    public abstract void Add(LoggedEvent logged, LoggedTransaction transaction, string source, int index, short row);

    /// <summary>Adds the next initial rows, as they are after transaction <paramref name="view"/>.</summary>
    /// <returns>How many initial rows were consumed; some may have been deleted meanwhile.</returns>
    public abstract int AddChunk(string source, ulong view, int rows, DateTimeOffset readAt);

    /// <summary>Whether all initial rows are read and no more will come: the snapshot then counts as complete.</summary>
    public abstract bool TryComplete();

    /// <summary>Takes what was added: batches, and new columns between them.</summary>
    public abstract IReadOnlyList<StreamElement> Take();

    /// <summary>Goes on from a state.</summary>
    public abstract void Restore(InMemorySourceState state);
}

/// <inheritdoc cref="InMemoryTable"/>
internal sealed class InMemoryTable<T, TCodec>(InMemoryDatabase database) : InMemoryTable(TCodec.Schema.TableName)
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private const string Connector = "memory";

    private readonly List<StreamElement> taken = [];
    private readonly TableId table = new(TCodec.Schema.SchemaName ?? "", TCodec.Schema.TableName);
    private readonly Dictionary<object, int> places = [];
    private readonly List<T> rows = [];
    private readonly Dictionary<ulong, ChangeOrigin> origins = [];
    private TableOrigin? tableOrigin;
    private IReadOnlyList<string> columns = [];
    private ChangeBatch<T>? open;
    private int seenInitial;

    public override long Rows => RowsRead == InMemorySourceState.Complete ? rows.Count : RowsRead;

    public override bool Has(LoggedEvent logged) => logged.RowType == typeof(T);

    public override short ChangesOf(LoggedEvent logged) =>
        (short)(logged is { Operation: Operation.Update, Before: T before, After: T after } && !TCodec.KeyEquals(before, after) ? 2 : 1);

    public override void Add(LoggedEvent logged, LoggedTransaction transaction, string source, int index, short row)
    {
        if (logged.Columns is { } after)
        {
            Close();
            taken.Add(new SchemaChange(SchemaOf(columns), SchemaOf(after), transaction.Number));
            columns = after;
            return;
        }

        var metadata = new ChangeMetadata(OriginOf(transaction, source), index, row);
        var change = ChangeOf(logged, metadata, row, ChangesOf(logged) == 2);
        if (change.Operation == Operation.Truncate || !IsUnread(change.Row))
        {
            (open ??= new ChangeBatch<T>()).Add(change);
        }
    }

    public override int AddChunk(string source, ulong view, int count, DateTimeOffset readAt)
    {
        LookForInitialRows();
        var end = Math.Min(rows.Count, RowsRead + count);
        if (RowsRead == InMemorySourceState.Complete || end == RowsRead)
        {
            return 0;
        }

        var current = database.Fold<T>(TCodec.Key, view);
        var origin = new ChangeOrigin(OriginIn(source), new SourceTransaction(view) { CommittedAt = readAt });
        for (var place = RowsRead; place < end; place++)
        {
            if (current.TryGetValue(TCodec.Key(rows[place]), out var row))
            {
                (open ??= new ChangeBatch<T>()).Add(Change<T>.SnapshotRead(row, new ChangeMetadata(origin, place, 0)));
            }
        }

        var read = end - RowsRead;
        RowsRead = end;
        return read;
    }

    public override bool TryComplete()
    {
        LookForInitialRows();
        if (RowsRead != rows.Count || !database.InitialRows<T>().IsComplete)
        {
            return false;
        }

        RowsRead = InMemorySourceState.Complete;
        return true;
    }

    public override IReadOnlyList<StreamElement> Take()
    {
        Close();
        StreamElement[] all = [.. taken];
        taken.Clear();
        return all;
    }

    public override void Restore(InMemorySourceState state)
    {
        RowsRead = state.RowsRead.GetValueOrDefault(Name, InMemorySourceState.Complete);
        columns = database.Columns(typeof(T), state.IsWhole ? new SourceOffset(state.Last.Transaction, int.MaxValue - 1, 0) : state.Last);
        LookForInitialRows();
        foreach (var row in state.Start == 0 ? [] : database.Fold<T>(TCodec.Key, state.Start))
        {
            Place(row.Value);
        }
    }

    /// <summary>A key update is a delete of the old key (row 0) and an insert of the new row (row 1).</summary>
    private static Change<T> ChangeOf(LoggedEvent logged, ChangeMetadata metadata, short row, bool changesKey) => logged.Operation switch
    {
        Operation.Insert => Change<T>.Insert((T)logged.After!, metadata),
        Operation.Delete => Change<T>.Delete((T)logged.Before!, metadata),
        Operation.Truncate => Change<T>.Truncate(metadata),
        _ when !changesKey => Change<T>.Update((T?)logged.Before, (T)logged.After!, metadata),
        _ when row == 0 => Change<T>.Delete((T)logged.Before!, metadata),
        _ => Change<T>.Insert((T)logged.After!, metadata),
    };

    private bool IsUnread(T row) =>
        RowsRead != InMemorySourceState.Complete && places.TryGetValue(TCodec.Key(row), out var place) && place >= RowsRead;

    private TableOrigin OriginIn(string source) => tableOrigin ??= new TableOrigin(source, table) { Connector = Connector };

    private ChangeOrigin OriginOf(LoggedTransaction transaction, string source)
    {
        if (!origins.TryGetValue(transaction.Number, out var origin))
        {
            origins.Clear();
            origins.Add(transaction.Number, origin = new ChangeOrigin(OriginIn(source), new NumberedTransaction(transaction.Number) { CommittedAt = transaction.CommittedAt }));
        }

        return origin;
    }

    private TableSchema SchemaOf(IReadOnlyList<string> described) => new(table, [.. described.Select(column => column.Split(' ', 2)).Select(parts => new TableColumn(parts[0], parts[^1]))]);

    private void LookForInitialRows()
    {
        var initial = database.InitialRows<T>().Rows;
        for (; seenInitial < initial.Count; seenInitial++)
        {
            Place(initial[seenInitial]);
        }
    }

    private void Place(T row)
    {
        if (places.TryAdd(TCodec.Key(row), rows.Count))
        {
            rows.Add(row);
        }
    }

    private void Close()
    {
        if (open is not null)
        {
            taken.Add(open);
            open = null;
        }
    }
}
