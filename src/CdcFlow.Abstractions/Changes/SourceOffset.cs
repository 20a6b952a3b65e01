namespace CdcFlow;

/// <summary>A place in a source's log: totally ordered within one source, opaque outside it.</summary>
/// <param name="Transaction">The transaction's place in commit order (PostgreSQL: its commit LSN).</param>
/// <param name="Event">The row event's index in the transaction, from 0.</param>
/// <param name="Row">The index of a change made out of that event, from 0 (a key update is two: delete, insert).</param>
/// <remarks>Several events share a log position, so a bare position never identifies a change; the triple does.</remarks>
public readonly record struct SourceOffset(ulong Transaction, int Event, short Row) : IComparable<SourceOffset>
{
    /// <inheritdoc/>
    public int CompareTo(SourceOffset other) =>
        Transaction != other.Transaction ? Transaction.CompareTo(other.Transaction)
        : Event != other.Event ? Event.CompareTo(other.Event)
        : Row.CompareTo(other.Row);

    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static bool operator <(SourceOffset left, SourceOffset right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    public static bool operator >(SourceOffset left, SourceOffset right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/> or is it.</summary>
    public static bool operator <=(SourceOffset left, SourceOffset right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/> or is it.</summary>
    public static bool operator >=(SourceOffset left, SourceOffset right) => left.CompareTo(right) >= 0;

    /// <summary><c>transaction/event/row</c>, the transaction in hexadecimal.</summary>
    public override string ToString() => $"{Transaction:X}/{Event}/{Row}";
}
