using CdcFlow.Rows;

namespace CdcFlow;

/// <summary>An immutable set of a row type's columns: those of which a row holds no value, each <em>unchanged</em> or <em>not carried</em>.</summary>
/// <remarks>
/// Unchanged: the value is what it was before the change, and the log left it out because of that (PostgreSQL TOAST). Not carried: the log never has
/// the column (a generated one), so nothing is known of its value. A reader hands out the same object for the same pattern, so rows carry a reference, not a copy.
/// </remarks>
public sealed class ColumnSet
{
    private readonly bool[] members;
    private readonly bool[]? notCarried;

    /// <summary>Makes a set of unchanged columns.</summary>
    /// <param name="schema">The row type's columns.</param>
    /// <param name="members">One flag per column, in the schema's order; copied.</param>
    public ColumnSet(RowSchema schema, ReadOnlySpan<bool> members)
        : this(schema, members, [])
    {
    }

    /// <summary>Makes a set.</summary>
    /// <param name="schema">The row type's columns.</param>
    /// <param name="members">One flag per column, in the schema's order; copied.</param>
    /// <param name="notCarried">One flag per column for the members that are not carried, copied; empty: all members are unchanged.</param>
    public ColumnSet(RowSchema schema, ReadOnlySpan<bool> members, ReadOnlySpan<bool> notCarried)
    {
        Schema = schema;
        this.members = members.ToArray();
        this.notCarried = notCarried.Contains(true) ? notCarried.ToArray() : null;
    }

    /// <summary>The columns that the set is about.</summary>
    public RowSchema Schema { get; }

    /// <summary>Whether some member is not carried.</summary>
    public bool HasNotCarried => notCarried is not null;

    /// <summary>Whether some member is unchanged.</summary>
    public bool HasUnchanged => notCarried is null || !members.AsSpan().SequenceEqual(notCarried);

    /// <summary>Whether the column at <paramref name="index"/> (the schema's order, from 0) is in the set.</summary>
    public bool Contains(int index) => members[index];

    /// <summary>Whether the column behind <paramref name="property"/> (its C# name) is in the set.</summary>
    /// <exception cref="ArgumentException">The row type has no such property.</exception>
    public bool Contains(string property) => members[Schema.IndexOfProperty(property)];

    /// <summary>Whether the column at <paramref name="index"/> is in the set because the log never has it.</summary>
    public bool IsNotCarried(int index) => notCarried is not null && notCarried[index];

    /// <summary>Whether the column at <paramref name="index"/> is in the set because its value did not change.</summary>
    public bool IsUnchanged(int index) => members[index] && !IsNotCarried(index);

    /// <summary>Whether this set has exactly the members flagged in <paramref name="other"/>.</summary>
    public bool Matches(ReadOnlySpan<bool> other) => other.SequenceEqual(members);

    /// <summary>The members' C# property names, for messages.</summary>
    public override string ToString() =>
        string.Join(", ", Schema.Columns.Where((_, index) => members[index]).Select(column => column.Property));
}
