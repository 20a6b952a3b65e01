using CdcFlow.Postgres.Types;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Sink;

/// <summary>The table that a sink would make for itself. Pure.</summary>
internal static class TableDefinition
{
    /// <summary>What a sink does in its table.</summary>
    public static IReadOnlyList<string> Rights { get; } = ["SELECT", "INSERT", "UPDATE", "DELETE"];

    /// <summary>The name that a column gets in a new table.</summary>
    public static string NameOf(ColumnDescriptor column) =>
        SinkSql.Checked("column", column.IsNameExplicit ? column.Name : ColumnName.SnakeCase(column.Name));

    /// <summary>The statement that makes the table.</summary>
    public static string CreateSql(PostgresSinkOptions options, RowSchema schema)
    {
        var columns = schema.Columns.Select(column => $"{SinkSql.Quoted(NameOf(column))} {TypeOf(column)}{CollationOf(column, options.Mode)}{NullabilityOf(column, options.Mode)}");
        IEnumerable<string> rest = options.Mode == PostgresSinkMode.Append
            ? AuditColumns.All.Select(column => $"{SinkSql.Quoted(column.Name)} {column.Type}")
            : [$"PRIMARY KEY ({SinkSql.List(schema.KeyColumns.Select(index => NameOf(schema.Columns[index])))})"];
        return $"CREATE TABLE IF NOT EXISTS {SinkSql.Quoted(options.Table)} ({string.Join(", ", columns.Concat(rest))})";
    }

    /// <summary>The type of a new column: the one that the row type asks for, else the one in which its values travel.</summary>
    public static string TypeOf(ColumnDescriptor column) => column.TypeName ?? ColumnForm.ForNewColumn(column.ClrType);

    // Keys are told apart by their bytes, as the source's changes are, and no library's new version can break their index.
    private static string CollationOf(ColumnDescriptor column, PostgresSinkMode mode) =>
        mode == PostgresSinkMode.Upsert && column is { IsKey: true, TypeName: null } && TypeOf(column) == ColumnForm.Of(typeof(string)).Sql ? " COLLATE pg_catalog.\"C\"" : "";

    // A change that is kept as such may lack columns: a delete all but its key, an update those that the log did not carry.
    private static string NullabilityOf(ColumnDescriptor column, PostgresSinkMode mode) =>
        mode == PostgresSinkMode.Upsert && !column.IsNullable ? " NOT NULL" : "";
}
