using System.Globalization;

namespace CdcFlow.Postgres.Sink;

/// <summary>The statements of one sink, made once. Pure.</summary>
/// <remarks>
/// Changes travel by <c>COPY</c> into a temporary table whose columns have the types of the C# side; the merge casts them to the
/// table's own types. Its first column says what a row is: see <see cref="RowKind"/>.
/// </remarks>
internal sealed class MergeSql
{
    private readonly string target;
    private readonly string staging;
    private readonly IReadOnlyList<MergeColumn> columns;
    private readonly string join;

    /// <param name="table">The sink's table.</param>
    /// <param name="number">The sink's number on its connection.</param>
    /// <param name="columns">The columns to write, in the order of the tuples.</param>
    public MergeSql(TableId table, int number, IReadOnlyList<MergeColumn> columns)
    {
        this.columns = columns;
        target = SinkSql.Quoted(table);
        staging = string.Create(CultureInfo.InvariantCulture, $"pg_temp.cdcflow_staged_{number}");
        join = string.Join(" AND ", Keys.Select(column => $"t.{SinkSql.Quoted(column.Name)} = {column.Value}"));
        CreateStaging = $"CREATE TEMP TABLE IF NOT EXISTS {staging["pg_temp.".Length..]} (kind pg_catalog.int2 NOT NULL, "
            + string.Join(", ", columns.Select(column => $"{column.StagedName} {column.StagedType}")) + ") ON COMMIT DELETE ROWS";
        CopyToStaging = $"COPY {staging} FROM STDIN (FORMAT binary)";
        ClearStaging = $"TRUNCATE {staging}"; // the commit empties it too
        DeleteAll = $"DELETE FROM {target}";
        Delete = $"DELETE FROM {target} t USING {staging} s WHERE s.kind = {RowKind.Delete} AND {join}";
        Append = InsertStaged(RowKind.Row);
        Upsert = $"{Append} ON CONFLICT ({SinkSql.List(Keys.Select(column => column.Name))}) {OnConflict()}";
    }

    public string CreateStaging { get; }

    public string CopyToStaging { get; }

    public string ClearStaging { get; }

    public string DeleteAll { get; }

    public string Delete { get; }

    public string Upsert { get; }

    public string Append { get; }

    private IEnumerable<MergeColumn> Keys => columns.Where(column => column.IsKey);

    /// <summary>Updates the columns that partial rows of one kind carry.</summary>
    public string Update(int kind, ColumnSet unchanged)
    {
        var carried = columns.Where((column, index) => !column.IsKey && !unchanged.Contains(index)).ToList();

        // Nothing but the key: still a statement whose row count tells whether the row is there.
        var assignments = carried.Count > 0 ? carried : [.. Keys.Take(1)];
        return $"UPDATE {target} t SET {string.Join(", ", assignments.Select(column => $"{SinkSql.Quoted(column.Name)} = {column.Value}"))}"
            + string.Create(CultureInfo.InvariantCulture, $" FROM {staging} s WHERE s.kind = {kind} AND {join}");
    }

    private string InsertStaged(int kind) =>
        $"INSERT INTO {target} ({SinkSql.List(columns.Select(column => column.Name))}) OVERRIDING SYSTEM VALUE"
        + string.Create(CultureInfo.InvariantCulture, $" SELECT {string.Join(", ", columns.Select(column => column.Value))} FROM {staging} s WHERE s.kind = {kind}");

    private string OnConflict()
    {
        var others = columns.Where(column => !column.IsKey).Select(column => SinkSql.Quoted(column.Name)).ToList();
        return others.Count == 0 ? "DO NOTHING" : $"DO UPDATE SET {string.Join(", ", others.Select(name => $"{name} = EXCLUDED.{name}"))}";
    }
}

/// <summary>One column of a merge.</summary>
/// <param name="Index">Its place in the tuples.</param>
/// <param name="Name">Its name in the table.</param>
/// <param name="StagedType">The type in which it travels, as SQL writes it.</param>
/// <param name="Type">The table's type, as SQL writes it, without a length or precision: the table's own are applied on assignment, which
/// refuses what is too long where a cast would cut it.</param>
/// <param name="IsKey">Whether it belongs to the key.</param>
internal sealed record MergeColumn(int Index, string Name, string StagedType, string Type, bool IsKey)
{
    public string StagedName { get; } = string.Create(CultureInfo.InvariantCulture, $"c{Index}");

    public string Value => $"s.{StagedName}::{Type}";
}
