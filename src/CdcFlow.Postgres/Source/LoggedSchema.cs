using System.Globalization;
using CdcFlow.Postgres.Replication;

namespace CdcFlow.Postgres.Source;

/// <summary>Makes a table's schema out of what the log says of it, which has no column numbers, nullability or table's key.</summary>
internal static class LoggedSchema
{
    /// <param name="described">The table as the log describes it.</param>
    /// <param name="typeNames">Its columns' types as SQL spells them.</param>
    /// <param name="last">The table as the log described it before.</param>
    /// <param name="catalog">The table as the catalog had it when the run began.</param>
    internal static TableSchema Of(Relation described, IReadOnlyList<string?> typeNames, TableSchema last, TableSchema catalog)
    {
        var source = Sources(described, last, catalog);
        return new TableSchema(
            catalog.Table,
            [.. described.Columns.Select((column, i) => new TableColumn(column.Name, TypeName(column, typeNames[i], last))
            {
                TypeIdentity = column.TypeOid.ToString(CultureInfo.InvariantCulture),
                Identity = source[i]?.Identity,
                IsNullable = source[i]?.IsNullable,
                IsKey = source[i]?.IsKey ?? false,
            })],
            described.Oid.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Whether the columns have these names, in this order.</summary>
    internal static bool HasNames(TableSchema schema, IReadOnlyList<string> names) => schema.Columns.Select(column => column.Name).SequenceEqual(names);

    // A type that was dropped since has no name any more but the one it was last seen with.
    private static string TypeName(RelationColumn column, string? name, TableSchema last)
    {
        const string unknown = "???";
        return name is not null && !name.StartsWith(unknown, StringComparison.Ordinal) ? name
            : last.Columns.FirstOrDefault(known => known.TypeIdentity == column.TypeOid.ToString(CultureInfo.InvariantCulture))?.TypeName ?? unknown;
    }

    // A name may have been another column's before. The log lists columns by their numbers, which only grow, so a form in which every name stands
    // in its place is the right one. A last column that is dropped and added again stands in its place in two forms.
    private static TableColumn?[] Sources(Relation described, TableSchema last, TableSchema catalog)
    {
        string[] names = [.. described.Columns.Select(column => column.Name)];
        return (HasNames(last, names), HasNames(catalog, names)) switch
        {
            (true, true) => [.. (IsOfReplaced(described, last, catalog) ? catalog : last).Columns],
            (true, false) => [.. last.Columns],
            (false, true) => [.. catalog.Columns],
            _ => [.. names.Select(name => last.Find(name) ?? catalog.Find(name))],
        };
    }

    // Where types tell nothing either, the rows are taken for those of the column that is there now.
    private static bool IsOfReplaced(Relation described, TableSchema last, TableSchema catalog) =>
        last.Columns.Any(known => catalog.Columns.All(column => column.Identity != known.Identity))
        && described.Columns.Select(column => column.TypeOid.ToString(CultureInfo.InvariantCulture)).SequenceEqual(catalog.Columns.Select(column => column.TypeIdentity));
}
