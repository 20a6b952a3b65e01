namespace CdcFlow.Rows;

/// <summary>The columns of a row type, in the order in which codecs read and write them.</summary>
/// <remarks>Immutable. One per row type and program.</remarks>
public sealed class RowSchema
{
    private readonly Dictionary<string, int> indexByProperty = new(StringComparer.Ordinal);

    /// <summary>Makes the schema.</summary>
    /// <param name="rowType">The C# type's name, for messages.</param>
    /// <param name="tableName">The name of <c>[Table]</c>, or the type's name.</param>
    /// <param name="schemaName">The schema of <c>[Table(Schema = …)]</c>, or null: the connector's default (PostgreSQL: public).</param>
    /// <param name="columns">The columns, in codec order.</param>
    public RowSchema(string rowType, string tableName, string? schemaName, params IReadOnlyList<ColumnDescriptor> columns)
    {
        RowType = rowType;
        TableName = tableName;
        SchemaName = schemaName;
        Columns = columns;
        KeyColumns = [.. Enumerable.Range(0, columns.Count).Where(index => columns[index].IsKey)];
        for (var index = 0; index < columns.Count; index++)
        {
            indexByProperty.Add(columns[index].Property, index);
        }
    }

    /// <summary>The C# type's name.</summary>
    public string RowType { get; }

    /// <summary>The table that the row type names.</summary>
    public string TableName { get; }

    /// <summary>The database namespace that the row type names, or null.</summary>
    public string? SchemaName { get; }

    /// <summary>All columns, in codec order.</summary>
    public IReadOnlyList<ColumnDescriptor> Columns { get; }

    /// <summary>Indexes into <see cref="Columns"/> of the key columns, in codec order; empty for a keyless row type.</summary>
    public IReadOnlyList<int> KeyColumns { get; }

    /// <summary>The index of the column behind a C# property.</summary>
    /// <exception cref="ArgumentException">The row type has no such property.</exception>
    public int IndexOfProperty(string property) =>
        indexByProperty.TryGetValue(property, out var index)
            ? index
            : throw new ArgumentException($"{RowType} has no column property '{property}'.", nameof(property));
}
