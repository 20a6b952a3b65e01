using CdcFlow.Configuration;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Sink;

/// <summary>Lays a row type over a table: what fits where, and what does not. Pure.</summary>
internal sealed class TargetBinding
{
    private readonly PostgresSinkOptions options;
    private readonly RowSchema schema;
    private readonly TargetTable table;
    private readonly string name;
    private readonly IReadOnlyCollection<TableId> emptied;
    private readonly int[] found;

    /// <param name="options">The sink's options.</param>
    /// <param name="schema">Its row type.</param>
    /// <param name="table">The table.</param>
    /// <param name="emptied">The tables that the pipeline removes rows from.</param>
    public TargetBinding(PostgresSinkOptions options, RowSchema schema, TargetTable table, IReadOnlyCollection<TableId> emptied)
    {
        this.emptied = emptied;
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
        var columns = schema.Columns.Select((_, index) => Column(index)).ToList();
        if (options.Mode == PostgresSinkMode.Append)
        {
            columns.AddRange(AuditColumns.All.Select((audit, index) => AuditColumn(columns.Count + index, audit.Name, audit.Type)));
        }

        return new MergeSql(options.Table, number, columns);
    }

    /// <summary>The table's columns, in the row's order.</summary>
    public IReadOnlyList<TargetColumn> Columns => [.. found.Select(index => table.Columns[index])];

    /// <summary>Which of the row's columns travel as texts because the table's has a zone and they may have none.</summary>
    public bool[] Zoned => [.. schema.Columns.Select((column, index) => ColumnForm.IsZoned(column.ClrType, Target(index)))];

    /// <inheritdoc cref="TargetTable"/>
    public long Oid => table.Oid;

    /// <inheritdoc cref="TableHazards"/>
    public bool HasDeleteTrigger => table.Hazards.HasDeleteTrigger;

    /// <summary>Everything that keeps the sink from writing.</summary>
    public IEnumerable<PreflightCheck> Problems()
    {
        if (!table.Hazards.IsTable)
        {
            return [.. HazardProblems()]; // it has neither columns of its own nor a key
        }

        IEnumerable<PreflightCheck?> all =
        [
            .. HazardProblems(),
            .. schema.Columns.Select((column, index) => ColumnProblem(column, index)),
            .. table.Columns.Where((_, index) => !found.Contains(index)).Select(UnfilledProblem),
            .. options.Mode == PostgresSinkMode.Append ? AuditColumns.All.Select(AuditProblem) : [],
            options.Mode == PostgresSinkMode.Upsert ? KeyProblem() : null,
            RightsProblem(),
        ];
        return all.OfType<PreflightCheck>();
    }

    private MergeColumn Column(int index)
    {
        var (column, target) = (schema.Columns[index], Target(index));
        var form = ColumnForm.Of(column.ClrType, target);
        var staged = EnumCast.Staged($"s.{MergeColumn.StagedNameOf(index)}", column, target);
        var isKey = column.IsKey && options.Mode == PostgresSinkMode.Upsert;
        var value = ColumnCast.Value(staged, form, target);
        return new MergeColumn
        {
            Index = index,
            Name = target.Name,
            StagedType = form.Sql,
            Value = value,
            Former = ColumnCast.Former($"t.{SinkSql.Quoted(target.Name)}", form, target),
            FormerKey = isKey ? ColumnCast.Value(EnumCast.Staged($"s.{MergeColumn.FormerNameOf(index)}", column, target), form, target) : null,
            Assigned = target.Limited is null ? value : $"{value}::{target.Limited}",
            IsRespelt = isKey && ColumnCast.IsSpeltVariously(target),
            Loss = ColumnForm.IsZoned(column.ClrType, target) ? ColumnCast.ZoneLoss(staged) : ColumnCast.Loss(staged, form, target, isKey),
            EqualOperator = isKey ? KeyIndexes[0].Columns.First(indexed => indexed.Name == target.Name).EqualOperator : null,
        };
    }

    private static MergeColumn AuditColumn(int index, string name, string type)
    {
        var staged = $"s.{MergeColumn.StagedNameOf(index)}";
        return new MergeColumn { Index = index, Name = name, StagedType = type, Value = staged, Former = staged, Assigned = staged };
    }

    /// <summary>The unique indexes on exactly the key: by each of them the server may find two rows to be one.</summary>
    private List<UniqueIndex> KeyIndexes
    {
        get
        {
            var key = schema.KeyColumns.Select(index => Target(index).Name).ToList();
            return [.. table.UniqueIndexes.Where(index => index.Columns.Count == key.Count && !index.Columns.Select(column => column.Name).Except(key).Any())];
        }
    }

    private TargetColumn Target(int column) => table.Columns[found[column]];

    private IEnumerable<PreflightCheck> HazardProblems() =>
        table.Hazards.Problems(options.Table, table.Role, emptied).Select(problem => Failed(problem.Code, problem.Sentence, problem.Resolution));

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

        var target = Target(index);
        var form = ColumnForm.Of(column.ClrType, target);
        return target.IsGenerated
            ? Failed(
                PostgresSinkErrors.ColumnDoesNotFit, $"Column {SinkSql.Quoted(target.Name)} of {name} is generated and cannot be written.",
                $"Leave {schema.RowType}.{column.Property} out with [NotMapped], or ALTER TABLE {name} ALTER COLUMN {SinkSql.Quoted(target.Name)} DROP EXPRESSION;")
            : target.IsIdentityAlways && !column.IsKey ? Failed(
                PostgresSinkErrors.ColumnDoesNotFit, $"Column {SinkSql.Quoted(target.Name)} of {name} is GENERATED ALWAYS AS IDENTITY and cannot be updated.",
                $"ALTER TABLE {name} ALTER COLUMN {SinkSql.Quoted(target.Name)} SET GENERATED BY DEFAULT;")
            : form.Fits(target.BaseType, target.IsArray) ? EnumProblem(column, target)
            : Failed(
                PostgresSinkErrors.ColumnDoesNotFit,
                $"Column {SinkSql.Quoted(target.Name)} of {name} is {target.Declared} and cannot take every {column.ClrType.Name} of {schema.RowType}.{column.Property} unchanged.",
                $"ALTER TABLE {name} ALTER COLUMN {SinkSql.Quoted(target.Name)} TYPE {TableDefinition.TypeOf(column)};");
    }

    private PreflightCheck? EnumProblem(ColumnDescriptor column, TargetColumn target) => EnumCast.Missing(column, target).ToList() is { Count: > 0 } missing
        ? new PreflightCheck(
            $"table of {options.Name}", PreflightStatus.Warning,
            $"Column {SinkSql.Quoted(target.Name)} of {name} is {target.Declared}, which has no label for {string.Join(", ", missing)} of {schema.RowType}.{column.Property}: a row with it would be refused.",
            PostgresSinkErrors.LabelMissing,
            string.Join(' ', missing.Select(label => $"ALTER TYPE {target.Bare} ADD VALUE {SqlText.Literal(label)};")))
        : null;

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
        var addSql = KeyIndexes.Exists(index => index.IsImmediate) ? "" : $" ALTER TABLE {name} ADD PRIMARY KEY ({SinkSql.List(key)});";
        return KeyIndexes is [] ? Failed(
                PostgresSinkErrors.UniqueIndexMissing, $"{name} has no unique index on exactly ({SinkSql.List(key)}), the key of {schema.RowType}.", addSql.TrimStart())
            : KeyIndexes.Find(index => !index.IsImmediate) is { } deferrable ? Failed(
                PostgresSinkErrors.UniqueIndexMissing, $"Constraint {deferrable.Constraint} of {name} on ({SinkSql.List(key)}), the key of {schema.RowType}, is DEFERRABLE, which an upsert cannot use.",
                $"ALTER TABLE {name} DROP CONSTRAINT {deferrable.Constraint};{addSql}")
            : KeyIndexes.SelectMany(KeyEqualities).FirstOrDefault();
    }

    /// <summary>What makes the server find two keys equal that the source tells apart: one of them would be lost.</summary>
    private IEnumerable<PreflightCheck> KeyEqualities(UniqueIndex index)
    {
        foreach (var indexed in index.Columns)
        {
            var target = table.Columns.First(column => column.Name == indexed.Name);
            var (type, why) = target.BaseType == "bpchar" ? (Unpadded(target), $"{target.Declared} does not tell texts apart by the blanks at their end")
                : indexed.IsOwnEquality && target.BaseType == "citext" ? ("pg_catalog.text COLLATE pg_catalog.\"C\"", "citext does not tell upper from lower case")
                : !indexed.IsDeterministic && target.IsDeterministic ? ("", $"index {index.Name} has a collation that takes different texts for equal")
                : !indexed.IsDeterministic ? ($"{target.Declared} COLLATE pg_catalog.\"C\"", "its collation takes different texts for equal")
                : ("", "");
            if (why.Length > 0)
            {
                var column = SinkSql.Quoted(target.Name);
                yield return Failed(
                    PostgresSinkErrors.KeyEquates, $"Column {column} of the key of {name} can take two keys of the source for one: {why}.",
                    type.Length > 0
                        ? $"ALTER TABLE {name} ALTER COLUMN {column} TYPE {type};"
                        : $"DROP INDEX {index.Name}; CREATE UNIQUE INDEX ON {name} ({SinkSql.List(index.Columns.Select(each => each.Name))});");
            }
        }
    }

    // Rows that are there keep their blanks, as the source sends them.
    private static string Unpadded(TargetColumn target)
    {
        var column = SinkSql.Quoted(target.Name);
        var length = target.Limited is { } limited ? limited[(limited.IndexOf('(', StringComparison.Ordinal) + 1)..limited.IndexOf(')', StringComparison.Ordinal)] : null;
        return length is null
            ? "pg_catalog.text COLLATE pg_catalog.\"C\""
            : $"pg_catalog.varchar({length}) COLLATE pg_catalog.\"C\" USING pg_catalog.rpad({column}::pg_catalog.text, {length})";
    }

    private PreflightCheck? RightsProblem()
    {
        var grantSql = table.GrantSql(options.Table, options.Mode == PostgresSinkMode.Append ? ["INSERT"] : TableDefinition.Rights);
        return grantSql.Length == 0 ? null : Failed(PostgresSinkErrors.PrivilegeMissing, $"The role lacks rights on {name} or its schema.", grantSql.TrimEnd());
    }

    private bool IsAudit(string column) => options.Mode == PostgresSinkMode.Append && AuditColumns.All.Any(audit => audit.Name == column);

    private static bool FitsAudit(TargetColumn column, string type)
    {
        var isArray = type.EndsWith("[]", StringComparison.Ordinal);
        return new ColumnForm(type["pg_catalog.".Length..].TrimEnd('[', ']'), isArray).Fits(column.BaseType, column.IsArray);
    }

    private PreflightCheck Failed(string code, string sentence, string fix) =>
        new($"table of {options.Name}", PreflightStatus.Failed, sentence, code, fix);
}
