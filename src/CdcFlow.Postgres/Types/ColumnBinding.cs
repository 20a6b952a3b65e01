using CdcFlow.Postgres.Wire;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Types;

/// <summary>A row type's columns bound to a table's, for rows of the log or of COPY. Made once per table and Relation message.</summary>
internal sealed class ColumnBinding
{
    /// <summary>Types whose reader takes the server's binary form as well as its text.</summary>
    private static readonly HashSet<Type> readFromBinary =
    [
        typeof(bool), typeof(short), typeof(int), typeof(long), typeof(float), typeof(double), typeof(decimal), typeof(Guid), typeof(byte[]),
        typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
    ];

    private readonly List<ColumnSet> missingPatterns = [];
    private readonly bool[] notCarried;

    private ColumnBinding(RowSchema schema, string table, BoundColumn[] columns, string selectList)
    {
        Schema = schema;
        Table = table;
        Columns = columns;
        SelectList = selectList;
        FieldCount = columns.Length == 0 ? 0 : columns.Max(column => column.Field) + 1;
        notCarried = [.. columns.Select(column => column.Field == BoundColumn.NotCarried)];
        HasNotCarried = notCarried.Contains(true);
    }

    internal RowSchema Schema { get; }

    /// <summary>The table, for messages.</summary>
    internal string Table { get; }

    /// <summary>By the schema's column index.</summary>
    internal BoundColumn[] Columns { get; }

    /// <summary>For COPY: the expressions to select, in the schema's order, quoted.</summary>
    internal string SelectList { get; }

    /// <summary>How many fields a row must have at least.</summary>
    internal int FieldCount { get; }

    private bool HasNotCarried { get; }

    /// <summary>Binds to the rows of the log.</summary>
    /// <param name="schema">The row type.</param>
    /// <param name="table">The table, for messages.</param>
    /// <param name="columns">The Relation message's columns, in order.</param>
    /// <param name="notCarried">Columns that the table has and the log does not carry (generated ones).</param>
    /// <param name="lacking">Columns that the table has and did not have when the rows were written.</param>
    /// <exception cref="CdcFlowException">CDCF4011: lists every column that does not fit. CDCF4058: one is lacking that may not be null.</exception>
    internal static ColumnBinding ForLog(
        RowSchema schema, string table, IReadOnlyList<ServerColumn> columns, IReadOnlyList<ServerColumn>? notCarried = null,
        IReadOnlyList<ServerColumn>? lacking = null)
    {
        ServerColumn[] all = [.. columns, .. notCarried ?? [], .. lacking ?? []];
        var carried = all.Length - (lacking?.Count ?? 0);
        var bound = Bind(schema, table, all, isLog: true, (_, type, field, decoder) =>
            new BoundColumn(field < columns.Count ? field : field < carried ? BoundColumn.NotCarried : BoundColumn.Lacking, IsBinary: false, type, decoder));
        RefuseLacking(schema, table, bound);
        return new ColumnBinding(schema, table, bound, "");
    }

    /// <summary>Binds to the rows of <c>COPY (SELECT <see cref="SelectList"/> FROM …) TO STDOUT (FORMAT binary)</c>.</summary>
    /// <inheritdoc cref="ForLog" path="/exception"/>
    internal static ColumnBinding ForCopy(RowSchema schema, string table, IReadOnlyList<ServerColumn> columns)
    {
        var expressions = new List<string>();
        var bound = Bind(schema, table, columns, isLog: false, (wanted, type, field, decoder) =>
        {
            var isBinary = type.HasBinaryValue && readFromBinary.Contains(wanted.ClrType);
            var name = SqlText.Identifier(columns[field].Name);

            // The same function that writes the log's text. A cast would differ for bool, character(n) and inet.
            expressions.Add(isBinary || type.IsBinaryText ? name : $"pg_catalog.textin({type.OutputFunction}({name}))");
            return new BoundColumn(expressions.Count - 1, isBinary, type, decoder);
        });
        return new ColumnBinding(schema, table, bound, string.Join(", ", expressions));
    }

    /// <summary>The columns that the row gives no value; null when it gives all. The same object for the same pattern.</summary>
    /// <param name="row">The row.</param>
    /// <param name="old">Where unchanged columns may stand as well; may be empty.</param>
    /// <param name="isKeyOnly">Whether a NULL of <paramref name="old"/> only says that the column is not in it.</param>
    internal ColumnSet? MissingOf(TupleData row, TupleData old, bool isKeyOnly)
    {
        if (!row.HasUnchanged && !HasNotCarried)
        {
            return null;
        }

        Span<bool> members = Columns.Length <= 256 ? stackalloc bool[Columns.Length] : new bool[Columns.Length];
        for (var i = 0; i < members.Length; i++)
        {
            members[i] = notCarried[i] || (Columns[i].Field is >= 0 and var field && row.IsUnchanged(field) && !IsIn(old, field, isKeyOnly));
        }

        if (!members.Contains(true))
        {
            return null;
        }

        foreach (var known in missingPatterns)
        {
            if (known.Matches(members))
            {
                return known;
            }
        }

        var pattern = new ColumnSet(Schema, members, notCarried);
        missingPatterns.Add(pattern);
        return pattern;
    }

    private static bool IsIn(TupleData old, int field, bool isKeyOnly) =>
        old.Count > 0 && !old.IsUnchanged(field) && !(isKeyOnly && old.IsNull(field));

    private static BoundColumn[] Bind(
        RowSchema schema, string table, IReadOnlyList<ServerColumn> columns, bool isLog, Func<ColumnDescriptor, PostgresType, int, ITextDecoder, BoundColumn> make)
    {
        var bound = new BoundColumn[schema.Columns.Count];
        var problems = new List<string>();
        for (var i = 0; i < bound.Length; i++)
        {
            var wanted = schema.Columns[i];
            var field = ColumnMatch.Find(wanted, columns);
            var decoder = TextDecoders.For(wanted.ClrType.IsEnum ? typeof(string) : wanted.ClrType);
            if (field < 0)
            {
                problems.Add($"{wanted.Property}: the table has no column '{wanted.Name}'");
            }
            else if (decoder is null || !decoder.Accepts(columns[field].Type))
            {
                problems.Add($"{wanted.Property}: column '{columns[field].Name}' is {columns[field].Type.Name}, which {wanted.ClrType.Name} does not take");
            }
            else
            {
                bound[i] = make(wanted, columns[field].Type, field, decoder);
            }
        }

        return problems.Count == 0 ? bound : throw DoNotFit(schema, table, problems, isLog);
    }

    private static void RefuseLacking(RowSchema schema, string table, BoundColumn[] bound)
    {
        ColumnDescriptor[] refused = [.. schema.Columns.Where((column, i) => bound[i].Field == BoundColumn.Lacking && (column.IsKey || !column.IsNullable))];
        if (refused.Length > 0)
        {
            var names = string.Join(", ", refused.Select(column => $"{schema.RowType}.{column.Property}"));
            throw new CdcFlowException(
                PostgresSourceErrorCodes.ColumnNotInLog,
                $"The log has changes of table {table} from before it got the column of {names}, which does not take null.",
                $"Read the table again, which leaves these changes out: run --resnapshot {Pasted.Word(table)}. Or make {names} nullable; or run the program without it until the log is read.");
        }
    }

    private static CdcFlowException DoNotFit(RowSchema schema, string table, List<string> problems, bool isLog) => new(
        PostgresWireErrorCodes.ColumnsDoNotFit,
        $"{schema.RowType} does not fit table {table}: {string.Join("; ", problems)}.",
        "Fix the properties' types or names ([Column(\"…\")]); a string property takes any column, as the server's own text."
        + (isLog ? $" Where only rows that are still in the log are of an earlier form, read the table anew instead: run --resnapshot {Pasted.Word(table)}." : ""));
}
