using System.Globalization;

namespace CdcFlow.Postgres.Sink;

/// <summary>The statements of one sink, made once. Pure.</summary>
/// <remarks>
/// Rows travel by <c>COPY</c> into a temporary table whose columns have the types of the C# side; the merge casts them to the table's own types.
/// Its first column says what a row is (<see cref="RowKind"/>), the second which one, and the next under which key the table has what it lacks.
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
        join = Join(Keys.Select(column => (column, column.Value)));
        CreateStaging = $"CREATE TEMP TABLE IF NOT EXISTS {staging["pg_temp.".Length..]} (kind pg_catalog.int2 NOT NULL, place pg_catalog.int4 NOT NULL, "
            + string.Join(", ", [.. Keys.Select(column => $"{column.FormerName} {column.StagedType}"), .. columns.Select(column => $"{column.StagedName} {column.StagedType}")])
            + ") ON COMMIT DELETE ROWS";
        CopyToStaging = $"COPY {staging} FROM STDIN (FORMAT binary)";
        ClearStaging = $"TRUNCATE {staging}"; // the commit empties it too
        DeleteAll = $"DELETE FROM {target}";
        Delete = $"DELETE FROM {target} t USING {staging} s WHERE {Is(RowKind.Delete)} AND {join}";
        CountDeletable = $"SELECT FROM {target} t, {staging} s WHERE {Is(RowKind.Delete)} AND {join}";
        Append = $"INSERT INTO {target} ({SinkSql.List(columns.Select(column => column.Name))}) OVERRIDING SYSTEM VALUE"
            + $" SELECT {string.Join(", ", columns.Select(column => column.Value))} FROM {staging} s WHERE {Is(RowKind.Row)}";
        Upsert = $"{Append} ON CONFLICT ({SinkSql.List(Keys.Select(column => column.Name))}) {OnConflict()}";
        FindLoss = FindLossOf(columns);
    }

    /// <summary>Asks for a staged row that a column would hold otherwise than it was sent: its place and the column's index. Null where no column does that.</summary>
    public string? FindLoss { get; }

    public string CreateStaging { get; }

    public string CopyToStaging { get; }

    public string ClearStaging { get; }

    public string DeleteAll { get; }

    public string Delete { get; }

    /// <summary>Finds the rows of keys that were to be removed and are there all the same.</summary>
    public string CountDeletable { get; }

    public string Upsert { get; }

    /// <summary>Whether the server says of an upsert how many rows it wrote: not where a row that is there has nothing to be updated.</summary>
    public bool CountsUpserts => columns.Any(column => column.IsUpdated);

    public string Append { get; }

    private IEnumerable<MergeColumn> Keys => columns.Where(column => column.IsKey);

    /// <summary>Updates the columns that rows of one kind carry.</summary>
    public string Update(short kind, ColumnSet lacking)
    {
        var carried = columns.Where((column, index) => column.IsUpdated && !lacking.Contains(index)).ToList();

        // Nothing but the key: still a statement whose count tells whether the row is there.
        return carried.Count == 0
            ? $"SELECT FROM {target} t, {staging} s WHERE {Is(kind)} AND {join}"
            : $"UPDATE {target} t SET {string.Join(", ", carried.Select(column => $"{SinkSql.Quoted(column.Name)} = {column.Value}"))} FROM {staging} s WHERE {Is(kind)} AND {join}";
    }

    /// <summary>Makes whole rows of those that have another key in the table, before anything there is changed: what they lack is taken from there.</summary>
    public string Fill(short kind, ColumnSet lacking)
    {
        var filled = columns.Where((_, index) => lacking.Contains(index)).Select(column => $"{column.StagedName} = {column.Former}");
        var former = Join(Keys.Select(column => (column, column.FormerKey!)));
        return string.Create(CultureInfo.InvariantCulture, $"UPDATE {staging} s SET kind = {RowKind.Row}, {string.Join(", ", filled)} FROM {target} t WHERE {Is(kind)} AND {former}");
    }

    /// <summary>Asks for a row of which the table lacks the columns that it lacks itself: its place.</summary>
    public string FindMissing(MergeStatement statement) =>
        $"SELECT s.place FROM {staging} s WHERE {Is(statement.Kind)}{(statement.IsMoved ? "" : $" AND NOT EXISTS (SELECT FROM {target} t WHERE {join})")} ORDER BY s.place LIMIT 1";

    /// <summary>Computes one column of the staged rows, to see whether the server refuses that.</summary>
    public string Try(int column) => $"SELECT pg_catalog.count({columns[column].Assigned}) FROM {staging} s";

    /// <summary>Shows the staged row, as JSON, without the columns that it lacks.</summary>
    public string Show(ColumnSet? lacking) =>
        $"SELECT pg_catalog.row_to_json(r)::pg_catalog.text FROM (SELECT {string.Join(", ", columns.Where((_, index) => lacking?.Contains(index) != true).Select(column => $"{column.StagedName} AS {SinkSql.Quoted(column.Name)}"))} FROM {staging} s) r";

    private static string Is(short kind) => string.Create(CultureInfo.InvariantCulture, $"s.kind OPERATOR(pg_catalog.=) {kind}");

    private static string Join(IEnumerable<(MergeColumn Column, string Value)> keys) =>
        string.Join(" AND ", keys.Select(key => $"t.{SinkSql.Quoted(key.Column.Name)} {key.Column.EqualOperator} {key.Value}"));

    private string? FindLossOf(IReadOnlyList<MergeColumn> columns)
    {
        var losing = columns.Where(column => column.Loss is not null).ToList();
        var which = losing.Select(column => string.Create(CultureInfo.InvariantCulture, $"WHEN {column.Loss} THEN {column.Index}"));
        return losing.Count == 0 ? null
            : $"SELECT s.place, CASE {string.Join(' ', which)} END FROM {staging} s WHERE {string.Join(" OR ", losing.Select(column => column.Loss))} LIMIT 1";
    }

    private string OnConflict()
    {
        var others = columns.Where(column => column.IsUpdated).Select(column => SinkSql.Quoted(column.Name)).ToList();
        return others.Count == 0 ? "DO NOTHING" : $"DO UPDATE SET {string.Join(", ", others.Select(name => $"{name} = EXCLUDED.{name}"))}";
    }
}

/// <summary>One statement of a merge.</summary>
/// <param name="Sql">The statement.</param>
/// <param name="Rows">How many rows it must write or find; null: as many as there are.</param>
/// <param name="Kind">For a statement that finds rows by what they lack, their kind.</param>
/// <param name="Lacking">And the columns.</param>
internal sealed record MergeStatement(string Sql, int? Rows = null, short Kind = RowKind.Row, ColumnSet? Lacking = null)
{
    /// <summary>Whether the rows have another key in the table.</summary>
    public bool IsMoved { get; init; }
}
