using System.Globalization;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>A table's columns as rows of the log have them, by the names that the run knows them by.</summary>
/// <param name="Carried">The fields of a row, in order.</param>
/// <param name="NotCarried">Columns that the log never has: generated ones.</param>
/// <param name="Lacking">Columns that the table has now, and had not when the rows were written.</param>
internal sealed record LoggedColumns(IReadOnlyList<ServerColumn> Carried, IReadOnlyList<ServerColumn> NotCarried, IReadOnlyList<ServerColumn> Lacking)
{
    /// <param name="described">The table as the log describes it.</param>
    /// <param name="schema">The same, with what the server knows the columns by.</param>
    /// <param name="definition">The table as it was when the run began: row types are matched to its names.</param>
    /// <param name="catalog">The table as the catalog had it last.</param>
    /// <param name="types">The database's types.</param>
    /// <param name="connection">For types that are not known yet.</param>
    internal static LoggedColumns Of(
        Relation described, TableSchema schema, PostgresTable definition, PostgresTable catalog, PostgresTypeCatalog types, PostgresConnection connection)
    {
        ServerColumn[] carried = [.. described.Columns.Select((column, i) => new ServerColumn(NameOf(schema.Columns[i], definition), types[column.TypeOid]))];
        var numbers = catalog.Columns.Select(column => column.Number).ToHashSet();
        PostgresColumn[] absent = [.. definition.Columns.Where(column => carried.All(field => field.Name != column.Name) && numbers.Contains(column.Number))];
        types.Load(connection, absent.Select(column => column.TypeOid));
        return new LoggedColumns(
            carried,
            [.. absent.Where(column => column.IsGenerated).Select(column => new ServerColumn(column.Name, types[column.TypeOid]))],
            [.. absent.Where(column => !column.IsGenerated).Select(column => new ServerColumn(column.Name, types[column.TypeOid]))]);
    }

    // A column that is renamed keeps its number. One that is none of the definition's may bear the name of one that is, and must not be taken for it.
    private static string NameOf(TableColumn column, PostgresTable definition) => column.Identity is not { } number
        ? column.Name
        : definition.Columns.FirstOrDefault(known => known.Number.ToString(CultureInfo.InvariantCulture) == number)?.Name ?? column.Name + "\0";
}
