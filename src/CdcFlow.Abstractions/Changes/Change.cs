using System.Diagnostics;

namespace CdcFlow;

/// <summary>One row event: what happened, the row before and after, and where it came from.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <remarks>An immutable value; copying it never copies rows.</remarks>
public readonly struct Change<T>
    where T : class
{
    private readonly ChangeOrigin origin;
    private readonly ulong detail;
    private readonly TransactionOrder order;
    private readonly int eventIndex;
    private readonly short rowIndex;

    /// <summary>Makes a change out of its parts. Prefer the named factories.</summary>
    public Change(Operation operation, BeforeState beforeState, T? before, T? after, ColumnSet? missing, ChangeMetadata metadata)
    {
        Debug.Assert(before is null == (beforeState == BeforeState.Absent), "Before is set exactly when BeforeState says so");
        Operation = operation;
        BeforeState = beforeState;
        Before = before;
        After = after;
        Missing = missing;
        origin = metadata.Origin;
        detail = metadata.Detail;
        order = metadata.Order;
        eventIndex = metadata.Event;
        rowIndex = metadata.Row;
    }

    /// <summary>What happened.</summary>
    public Operation Operation { get; }

    /// <summary>How much of <see cref="Before"/> is real.</summary>
    public BeforeState BeforeState { get; }

    /// <summary>The old row, as far as the log carried it; see <see cref="BeforeState"/>.</summary>
    public T? Before { get; }

    /// <summary>The new row; null for deletes and truncates.</summary>
    public T? After { get; }

    /// <summary>Columns of <see cref="After"/> that the log gave no value, because it did not change or because the log never has the column;
    /// null means none. Their properties hold defaults, which are not values.</summary>
    public ColumnSet? Missing { get; }

    /// <summary>Where the change comes from.</summary>
    public ChangeMetadata Metadata => new(origin, eventIndex, rowIndex) { Detail = detail, Order = order };

    /// <summary>The row that names the key: <see cref="After"/> where there is one, else <see cref="Before"/>.</summary>
    /// <exception cref="InvalidOperationException">A truncate concerns no single row.</exception>
    public T Row => After ?? Before ?? throw new InvalidOperationException("A truncate has no row.");

    /// <summary>Whether <paramref name="property"/> (its C# name) of <see cref="After"/> holds a value that the log carried.</summary>
    public bool IsAvailable(string property) => Missing is null || !Missing.Contains(property);

    /// <summary>A row read by the initial snapshot.</summary>
    public static Change<T> SnapshotRead(T after, ChangeMetadata metadata) =>
        new(Operation.SnapshotRead, BeforeState.Absent, null, after, null, metadata);

    /// <summary>An inserted row.</summary>
    public static Change<T> Insert(T after, ChangeMetadata metadata) =>
        new(Operation.Insert, BeforeState.Absent, null, after, null, metadata);

    /// <summary>An updated row with its whole old row, if given.</summary>
    public static Change<T> Update(T? before, T after, ChangeMetadata metadata) =>
        new(Operation.Update, before is null ? BeforeState.Absent : BeforeState.Full, before, after, null, metadata);

    /// <summary>A deleted row, by its whole old row.</summary>
    public static Change<T> Delete(T before, ChangeMetadata metadata) =>
        new(Operation.Delete, BeforeState.Full, before, null, null, metadata);

    /// <summary>A deleted row of which only the key is known.</summary>
    public static Change<T> DeleteByKey(T key, ChangeMetadata metadata) =>
        new(Operation.Delete, BeforeState.KeyOnly, key, null, null, metadata);

    /// <summary>The removal of all rows of the table.</summary>
    public static Change<T> Truncate(ChangeMetadata metadata) =>
        new(Operation.Truncate, BeforeState.Absent, null, null, null, metadata);

    /// <summary>For people: operation and offset; never row values, which may be personal data.</summary>
    public override string ToString() => $"{Operation} at {Metadata.Offset}";
}
