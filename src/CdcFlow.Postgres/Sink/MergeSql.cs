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
        join = string.Join(" AND ", Keys.Select(column => $"t.{SinkSql.Quoted(column.Name)} {column.EqualOperator} {column.Value}"));
        CreateStaging = $"CREATE TEMP TABLE IF NOT EXISTS {staging["pg_temp.".Length..]} (kind pg_catalog.int2 NOT NULL, place pg_catalog.int4 NOT NULL, "
            + string.Join(", ", columns.Select(column => $"{column.StagedName} {column.StagedType}")) + ") ON COMMIT DELETE ROWS";
        CopyToStaging = $"COPY {staging} FROM STDIN (FORMAT binary)";
        ClearStaging = $"TRUNCATE {staging}"; // the commit empties it too
        DeleteAll = $"DELETE FROM {target}";
        Delete = $"DELETE FROM {target} t USING {staging} s WHERE s.kind OPERATOR(pg_catalog.=) {RowKind.Delete} AND {join}";
        CountDeletable = $"SELECT FROM {target} t, {staging} s WHERE s.kind OPERATOR(pg_catalog.=) {RowKind.Delete} AND {join}";
        Append = InsertStaged(RowKind.Row);
        FindLoss = FindLossOf(columns);
        Upsert = $"{Append} ON CONFLICT ({SinkSql.List(Keys.Select(column => column.Name))}) {OnConflict()}";
    }

    /// <summary>Asks for a staged row that a column would hold otherwise than it was sent: its place and the column's index. Null where no column does that.</summary>
    public string? FindLoss { get; }

    public string CreateStaging { get; }

    public string CopyToStaging { get; }

    public string ClearStaging { get; }

    public string DeleteAll { get; }

    public string Delete { get; }

    /// <summary>Counts the rows of keys that were to be removed and are there all the same.</summary>
    public string CountDeletable { get; }

    public string Upsert { get; }

    /// <summary>Whether the server says of an upsert how many rows it wrote: not where a row that is there has nothing to be updated.</summary>
    public bool CountsUpserts => columns.Any(column => !column.IsKey);

    public string Append { get; }

    private IEnumerable<MergeColumn> Keys => columns.Where(column => column.IsKey);

    /// <summary>Updates the columns that partial rows of one kind carry.</summary>
    public string Update(int kind, ColumnSet unchanged)
    {
        var carried = columns.Where((column, index) => !column.IsKey && !unchanged.Contains(index)).ToList();

        // Nothing but the key: still a statement whose row count tells whether the row is there.
        var assignments = carried.Count > 0 ? carried : [.. Keys.Take(1)];
        return $"UPDATE {target} t SET {string.Join(", ", assignments.Select(column => $"{SinkSql.Quoted(column.Name)} = {column.Value}"))}"
            + string.Create(CultureInfo.InvariantCulture, $" FROM {staging} s WHERE s.kind OPERATOR(pg_catalog.=) {kind} AND {join}");
    }

    /// <summary>Computes one column of the staged rows, to see whether the server refuses that.</summary>
    public string Try(int column) => $"SELECT pg_catalog.count({columns[column].Assigned}) FROM {staging} s";

    private string? FindLossOf(IReadOnlyList<MergeColumn> columns)
    {
        var losing = columns.Where(column => column.Loss is not null).ToList();
        return losing.Count == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT s.place, CASE {string.Join(' ', losing.Select(column => string.Create(CultureInfo.InvariantCulture, $"WHEN {column.Loss} THEN {column.Index}")))} END FROM {staging} s WHERE {string.Join(" OR ", losing.Select(column => column.Loss))} LIMIT 1");
    }

    private string InsertStaged(int kind) =>
        $"INSERT INTO {target} ({SinkSql.List(columns.Select(column => column.Name))}) OVERRIDING SYSTEM VALUE"
        + string.Create(CultureInfo.InvariantCulture, $" SELECT {string.Join(", ", columns.Select(column => column.Value))} FROM {staging} s WHERE s.kind OPERATOR(pg_catalog.=) {kind}");

    private string OnConflict()
    {
        var others = columns.Where(column => !column.IsKey).Select(column => SinkSql.Quoted(column.Name)).ToList();
        return others.Count == 0 ? "DO NOTHING" : $"DO UPDATE SET {string.Join(", ", others.Select(name => $"{name} = EXCLUDED.{name}"))}";
    }
}

/// <summary>One column of a merge.</summary>
internal sealed record MergeColumn
{
    /// <summary>Its place in the tuples.</summary>
    public required int Index { get; init; }

    /// <summary>Its name in the table.</summary>
    public required string Name { get; init; }

    /// <summary>The type in which it travels, as SQL writes it.</summary>
    public required string StagedType { get; init; }

    /// <summary>Its value, out of the staged one.</summary>
    public required string Value { get; init; }

    /// <summary>The value with the column's length or precision, as an assignment makes it.</summary>
    public required string Assigned { get; init; }

    /// <summary>When that is not what was sent; null: never.</summary>
    public string? Loss { get; init; }

    /// <summary>For a key column, the operator by which the unique index finds values equal; null for the others.</summary>
    public string? EqualOperator { get; init; }

    public bool IsKey => EqualOperator is not null;

    public string StagedName => StagedNameOf(Index);

    public static string StagedNameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"c{index}");
}

/// <summary>One statement of a merge.</summary>
/// <param name="Sql">The statement.</param>
/// <param name="Rows">How many rows it must write or find; null: as many as there are.</param>
/// <param name="Lacking">For an update of partial rows, the columns that they lack.</param>
internal sealed record MergeStatement(string Sql, int? Rows = null, ColumnSet? Lacking = null);
