using CdcFlow.Rows;

namespace CdcFlow;

/// <summary>An immutable set of a row type's columns: those whose value the log did not carry ("unchanged").</summary>
/// <remarks>A reader hands out the same object for the same pattern, so rows carry a reference, not a copy.</remarks>
public sealed class ColumnSet
{
    private readonly bool[] members;

    /// <summary>Makes the set.</summary>
    /// <param name="schema">The row type's columns.</param>
    /// <param name="members">One flag per column, in the schema's order; copied.</param>
    public ColumnSet(RowSchema schema, ReadOnlySpan<bool> members)
    {
        Schema = schema;
        this.members = members.ToArray();
    }

    /// <summary>The columns that the set is about.</summary>
    public RowSchema Schema { get; }

    /// <summary>Whether the column at <paramref name="index"/> (the schema's order, from 0) is in the set.</summary>
    public bool Contains(int index) => members[index];

    /// <summary>Whether the column behind <paramref name="property"/> (its C# name) is in the set.</summary>
    /// <exception cref="ArgumentException">The row type has no such property.</exception>
    public bool Contains(string property) => members[Schema.IndexOfProperty(property)];

    /// <summary>Whether this set has exactly the members flagged in <paramref name="other"/>.</summary>
    public bool Matches(ReadOnlySpan<bool> other) => other.SequenceEqual(members);

    /// <summary>The members' C# property names, for messages.</summary>
    public override string ToString() =>
        string.Join(", ", Schema.Columns.Where((_, index) => members[index]).Select(column => column.Property));
}
