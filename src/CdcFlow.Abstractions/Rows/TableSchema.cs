using System.Security.Cryptography;
using System.Text;

namespace CdcFlow;

/// <summary>What a table is at one place in its source's log: what the server knows it by, and its columns. Immutable.</summary>
/// <remarks>Equal where table, identity and columns are.</remarks>
public sealed class TableSchema : IEquatable<TableSchema>
{
    private string? hash;

    /// <summary>Makes the schema.</summary>
    /// <param name="table">The table's name.</param>
    /// <param name="columns">Its columns, in the server's order.</param>
    /// <param name="identity">What the server tells this table from others by, whatever they are called; null where that is not known.</param>
    public TableSchema(TableId table, IReadOnlyList<TableColumn> columns, string? identity = null)
    {
        Table = table;
        Columns = columns;
        Identity = identity;
    }

    /// <summary>The table's name.</summary>
    public TableId Table { get; }

    /// <summary>What the server tells this table from others by: another table of the same name has another one. Null where that is not known.</summary>
    public string? Identity { get; }

    /// <summary>The columns that the log carries, in the server's order; empty where the table was not seen yet.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>A hash of the table's form: its columns' names, types as spelled, nullability and key. The same in every process, and for two tables of one form.</summary>
    /// <value>32 hexadecimal digits.</value>
    public string Hash => hash ??= HashOf(Columns);

    /// <summary>The column of that name, exactly; null when there is none.</summary>
    public TableColumn? Find(string name) => Columns.FirstOrDefault(column => column.Name == name);

    /// <inheritdoc/>
    public bool Equals(TableSchema? other) =>
        ReferenceEquals(this, other) || (other is not null && Table == other.Table && Identity == other.Identity && Columns.SequenceEqual(other.Columns));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TableSchema);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Table, Identity, Columns.Count);

    /// <summary>The name and the columns, for people.</summary>
    public override string ToString() => $"{Table} ({string.Join(", ", Columns)})";

    // Every part is preceded by its length, so that no two forms are written alike.
    private static string HashOf(IReadOnlyList<TableColumn> columns)
    {
        var text = new StringBuilder();
        foreach (var column in columns)
        {
            text.Append(column.Name.Length).Append(':').Append(column.Name).Append(column.TypeName.Length).Append(':').Append(column.TypeName)
                .Append(column.IsNullable is { } isNullable ? isNullable ? 'n' : 'v' : '?').Append(column.IsKey ? 'k' : '-');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }
}
