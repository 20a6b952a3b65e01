using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Server;

/// <summary>How the server compares a key column with a bound: by the operators of the order that its index and ORDER BY have, each named with its schema.</summary>
/// <remarks>citext and other types of extensions have operators of their own; without them a comparison would quietly be that of a built-in type.</remarks>
/// <param name="Type">The type to read a bound as: the column's, or the one beneath its domain, whose checks are the user's code.</param>
/// <param name="Operators">The operators of a B-tree, in the order of its strategies: &lt;, &lt;=, =, &gt;=, &gt;.</param>
internal sealed record KeyComparison(string Type, IReadOnlyList<string> Operators)
{
    private static readonly string[] builtIn = [.. new[] { "<", "<=", "=", ">=", ">" }.Select(name => Operator("pg_catalog", name))];

    /// <summary>Whether the server's own operators serve, so that several columns can be compared as one row.</summary>
    internal bool IsBuiltIn => Operators.SequenceEqual(builtIn);

    internal string Less => Operators[0];

    internal string LessOrEqual => Operators[1];

    internal string Equal => Operators[2];

    internal string GreaterOrEqual => Operators[3];

    internal string Greater => Operators[4];

    /// <summary>Of a column of a built-in type.</summary>
    internal static KeyComparison OfBuiltIn(string type) => new(type, builtIn);

    /// <summary>Reads those of all columns of a table, by name.</summary>
    /// <remarks>A type without an order of its own has that of a type beneath: arrays, enums, ranges and varchar, all built in.</remarks>
    internal static Dictionary<string, KeyComparison> Read(PostgresConnection connection, string table)
    {
        var rows = connection.Query(
            $"""
            WITH RECURSIVE col AS (
                SELECT attname, atttypid AS type, atttypmod AS modifier FROM pg_attribute WHERE attrelid = {table} AND attnum > 0 AND NOT attisdropped
                UNION ALL SELECT col.attname, t.typbasetype, t.typtypmod FROM col JOIN pg_type t ON t.oid = col.type WHERE t.typtype = 'd')
            SELECT col.attname, format_type(col.type, col.modifier), n.nspname, o.oprname
            FROM col JOIN pg_type t ON t.oid = col.type AND t.typtype <> 'd'
                 LEFT JOIN pg_opclass c ON c.opcintype = t.oid AND c.opcdefault AND c.opcmethod = (SELECT oid FROM pg_am WHERE amname = 'btree')
                 LEFT JOIN pg_amop a ON a.amopfamily = c.opcfamily AND a.amoplefttype = c.opcintype AND a.amoprighttype = c.opcintype
                 LEFT JOIN pg_operator o ON o.oid = a.amopopr LEFT JOIN pg_namespace n ON n.oid = o.oprnamespace
            ORDER BY col.attname, a.amopstrategy
            """).Rows;
        return rows.GroupBy(row => (Name: row[0]!, Type: row[1]!)).ToDictionary(
            column => column.Key.Name,
            column => column.First()[3] is null ? OfBuiltIn(column.Key.Type) : new KeyComparison(column.Key.Type, [.. column.Select(row => Operator(row[2]!, row[3]!))]),
            StringComparer.Ordinal);
    }

    /// <summary>Whether the row comes after the bound. A term per column on each side.</summary>
    internal static string After(IReadOnlyList<KeyComparison> columns, IReadOnlyList<string> row, IReadOnlyList<string> bound) =>
        Compare(columns, row, bound, column => column.Greater, column => column.Greater, column => column.GreaterOrEqual);

    /// <summary>Whether the row comes before the bound.</summary>
    internal static string Before(IReadOnlyList<KeyComparison> columns, IReadOnlyList<string> row, IReadOnlyList<string> bound) =>
        Compare(columns, row, bound, column => column.Less, column => column.Less, column => column.LessOrEqual);

    /// <summary>Whether the row comes before the bound or is it.</summary>
    internal static string UpTo(IReadOnlyList<KeyComparison> columns, IReadOnlyList<string> row, IReadOnlyList<string> bound) =>
        Compare(columns, row, bound, column => column.Less, column => column.LessOrEqual, column => column.LessOrEqual);

    /// <summary>Whether the row is at the bound.</summary>
    internal static string At(IReadOnlyList<KeyComparison> columns, IReadOnlyList<string> row, IReadOnlyList<string> bound) =>
        string.Join(" AND ", columns.Select((column, i) => $"{row[i]} {column.Equal} {bound[i]}"));

    // A row comparison takes one operator for all its columns, and an index serves it whole. Spelled out, an index serves what holds for the first
    // column in any case.
    private static string Compare(
        IReadOnlyList<KeyComparison> columns, IReadOnlyList<string> row, IReadOnlyList<string> bound,
        Func<KeyComparison, string> decides, Func<KeyComparison, string> last, Func<KeyComparison, string> leads)
    {
        if (columns.Count == 1 || columns.All(column => column.IsBuiltIn))
        {
            return $"ROW({string.Join(", ", row)}) {last(columns[0])} ROW({string.Join(", ", bound)})";
        }

        var condition = $"{row[^1]} {last(columns[^1])} {bound[^1]}";
        for (var i = columns.Count - 2; i >= 0; i--)
        {
            condition = $"({row[i]} {decides(columns[i])} {bound[i]} OR ({row[i]} {columns[i].Equal} {bound[i]} AND {condition}))";
        }

        return $"({row[0]} {leads(columns[0])} {bound[0]} AND {condition})";
    }

    private static string Operator(string schema, string name) => $"OPERATOR({SqlText.Identifier(schema)}.{name})";
}
