using CdcFlow.Rows;

namespace CdcFlow.Postgres.Types;

/// <inheritdoc cref="ColumnName"/>
internal static class ColumnMatch
{
    /// <summary>The index among <paramref name="columns"/>, or -1.</summary>
    internal static int Find(ColumnDescriptor wanted, IReadOnlyList<ServerColumn> columns) => Find(wanted, [.. columns.Select(column => column.Name)]);

    /// <summary>The index among <paramref name="names"/>, or -1.</summary>
    internal static int Find(ColumnDescriptor wanted, IReadOnlyList<string> names) => ColumnName.Find(wanted.Name, wanted.IsNameExplicit, names);
}
