using CdcFlow.Configuration;
using CdcFlow.Postgres.Types;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Sink;

/// <summary>Lays a row type over a table: what fits where, and what does not. Pure.</summary>
internal sealed class TargetBinding
{
    private readonly PostgresSinkOptions options;
    private readonly RowSchema schema;
    private readonly TargetTable table;
    private readonly string name;
    private readonly int[] found;

    public TargetBinding(PostgresSinkOptions options, RowSchema schema, TargetTable table)
    {
        this.options = options;
        this.schema = schema;
        this.table = table;
        name = SinkSql.Quoted(options.Table);
        IReadOnlyList<string> names = [.. table.Columns.Select(column => column.Name)];
        found = [.. schema.Columns.Select(column => ColumnMatch.Find(column, names))];
    }

    /// <summary>The statements for the table. Only when <see cref="Problems"/> finds none.</summary>
    /// <param name="number">The sink's number on its connection.</param>
    public MergeSql Bind(int number)
    {
        var columns = schema.Columns.Select((column, index) => new MergeColumn(
            index, Target(index).Name, ColumnForm.Of(column.ClrType).Sql, Target(index).Sql, column.IsKey)).ToList();
        if (options.Mode == PostgresSinkMode.Append)
        {
            columns.AddRange(AuditColumns.All.Select((audit, index) => new MergeColumn(columns.Count + index, audit.Name, audit.Type, audit.Type, IsKey: false)));
        }

        return new MergeSql(options.Table, number, columns);
    }

    /// <summary>The names of the row's columns in the table.</summary>
    public IReadOnlyList<string> ColumnNames => [.. found.Select(index => table.Columns[index].Name)];

    /// <summary>Everything that keeps the sink from writing.</summary>
    public IEnumerable<PreflightCheck> Problems()
    {
        IEnumerable<PreflightCheck?> all =
        [
            .. schema.Columns.Select((column, index) => ColumnProblem(column, index)),
            .. table.Columns.Where((_, index) => !found.Contains(index)).Select(UnfilledProblem),
            .. options.Mode == PostgresSinkMode.Append ? AuditColumns.All.Select(AuditProblem) : [],
            options.Mode == PostgresSinkMode.Upsert ? KeyProblem() : null,
            RightsProblem(),
        ];
        return all.OfType<PreflightCheck>();
    }

    private TargetColumn Target(int column) => table.Columns[found[column]];

    private PreflightCheck? ColumnProblem(ColumnDescriptor column, int index)
    {
        if (!ColumnForm.Covers(column.ClrType))
        {
            return Failed(
                PostgresSinkErrors.ColumnDoesNotFit, $"{schema.RowType}.{column.Property} is {column.ClrType}, which has no form in PostgreSQL.",
                "Convert it with [ColumnConverter<…>] to text, a number or an array of them.");
        }

        if (found[index] < 0)
        {
            return Failed(
                PostgresSinkErrors.ColumnDoesNotFit, $"{name} has no column for {schema.RowType}.{column.Property}.",
                $"ALTER TABLE {name} ADD COLUMN {SinkSql.Quoted(TableDefinition.NameOf(column))} {TableDefinition.TypeOf(column)};");
        }

        var (target, form) = (Target(index), ColumnForm.Of(column.ClrType));
        return target.IsGenerated
            ? Failed(
                PostgresSinkErrors.ColumnDoesNotFit, $"Column {SinkSql.Quoted(target.Name)} of {name} is generated and cannot be written.",
                $"Leave {schema.RowType}.{column.Property} out with [NotMapped], or ALTER TABLE {name} ALTER COLUMN {SinkSql.Quoted(target.Name)} DROP EXPRESSION;")
            : form.Fits(target.BaseType, target.IsArray) ? null
            : Failed(
                PostgresSinkErrors.ColumnDoesNotFit,
                $"Column {SinkSql.Quoted(target.Name)} of {name} is {target.Sql} and cannot take every {column.ClrType.Name} of {schema.RowType}.{column.Property} unchanged.",
                $"ALTER TABLE {name} ALTER COLUMN {SinkSql.Quoted(target.Name)} TYPE {TableDefinition.TypeOf(column)};");
    }

    private PreflightCheck? UnfilledProblem(TargetColumn column) =>
        !column.IsNotNull || column.HasDefault || column.IsGenerated || IsAudit(column.Name) ? null : Failed(
            PostgresSinkErrors.ColumnDoesNotFit, $"Column {SinkSql.Quoted(column.Name)} of {name} takes no NULL and has no default, and {schema.RowType} has no property for it.",
            $"ALTER TABLE {name} ALTER COLUMN {SinkSql.Quoted(column.Name)} DROP NOT NULL;");

    private PreflightCheck? AuditProblem((string Name, string Type) audit) =>
        table.Columns.Any(column => column.Name == audit.Name && FitsAudit(column, audit.Type)) ? null : Failed(
            PostgresSinkErrors.ColumnDoesNotFit, $"{name} has no column {audit.Name} of type {audit.Type}, which Mode = Append writes.",
            $"ALTER TABLE {name} ADD COLUMN {SinkSql.Quoted(audit.Name)} {audit.Type};");

    private PreflightCheck? KeyProblem()
    {
        if (schema.KeyColumns.Any(index => found[index] < 0))
        {
            return null; // said already
        }

        var key = schema.KeyColumns.Select(index => Target(index).Name).ToList();
        return table.UniqueIndexes.Any(index => index.Count == key.Count && !index.Except(key).Any()) ? null : Failed(
            PostgresSinkErrors.UniqueIndexMissing, $"{name} has no unique index on exactly ({SinkSql.List(key)}), the key of {schema.RowType}.",
            $"ALTER TABLE {name} ADD PRIMARY KEY ({SinkSql.List(key)});");
    }

    private PreflightCheck? RightsProblem()
    {
        var needed = options.Mode == PostgresSinkMode.Append ? ["INSERT"] : table.MissingRights;
        var missing = table.MissingRights.Intersect(needed).ToList();
        return missing.Count == 0 ? null : Failed(
            PostgresSinkErrors.PrivilegeMissing, $"The role lacks {string.Join(", ", missing)} on {name}.", $"GRANT {string.Join(", ", missing)} ON {name} TO …;");
    }

    private bool IsAudit(string column) => options.Mode == PostgresSinkMode.Append && AuditColumns.All.Any(audit => audit.Name == column);

    private static bool FitsAudit(TargetColumn column, string type)
    {
        var isArray = type.EndsWith("[]", StringComparison.Ordinal);
        return new ColumnForm(type["pg_catalog.".Length..].TrimEnd('[', ']'), isArray).Fits(column.BaseType, column.IsArray);
    }

    private PreflightCheck Failed(string code, string sentence, string mend) =>
        new($"table of {options.Name}", PreflightStatus.Failed, sentence, code, mend);
}
