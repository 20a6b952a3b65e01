using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>Writes methods that make a row.</summary>
internal static class RowCreation
{
    /// <param name="writer">Where to.</param>
    /// <param name="header">The method's signature, and its constraint if it has one.</param>
    /// <param name="row">The row type.</param>
    /// <param name="names">Names of nested types.</param>
    /// <param name="value">The C# text of a column's value; null where it has none and the property takes its default.</param>
    public static void Write(SourceWriter writer, (string Signature, string? Constraint) header, RowModel row, Names names, Func<ColumnModel, string?> value)
    {
        if (row.IsMadeByHiddenMembers)
        {
            using (header.Constraint is { } constraint ? writer.OpenWhere(header.Signature, constraint) : writer.Open(header.Signature))
            {
                WriteStatements(writer, row, names, value);
            }

            return;
        }

        writer.Line(header.Constraint is null ? header.Signature + " =>" : header.Signature);
        using (writer.Indent())
        {
            if (header.Constraint is not null)
            {
                writer.Line(header.Constraint + " =>");
            }

            WriteExpression(writer, $"new {row.Type.Full}", row, value);
        }
    }

    private static void WriteStatements(SourceWriter writer, RowModel row, Names names, Func<ColumnModel, string?> value)
    {
        WriteExpression(writer, row.HiddenConstructor is null ? $"var made = new {row.Type.Full}" : $"var made = {names.Access(row.Type)}.New", row, value);
        foreach (var column in row.Columns.Where(column => !IsInExpression(column, row)))
        {
            if (value(column) is { } text)
            {
                writer.Line(AccessEmitter.Set(column, text, row, names));
            }
        }

        writer.Line("return made;");
    }

    private static bool IsInExpression(ColumnModel column, RowModel row) =>
        column.Argument is not null || (column.HiddenSetter is null && row.HiddenConstructor is null);

    private static void WriteExpression(SourceWriter writer, string creation, RowModel row, Func<ColumnModel, string?> value)
    {
        var arguments = row.Columns.Where(column => column.Argument is not null)
            .Select(column => $"{NameScope.Escape(column.Argument!)}: {value(column) ?? Default(column)}").ToList();
        var properties = row.Columns.Where(column => column.Argument is null && IsInExpression(column, row))
            .Select(column => (column, Value: value(column)))
            .Where(set => set.Value is not null || set.column.IsRequired)
            .Select(set => $"{NameScope.Escape(set.column.Property)} = {set.Value ?? Default(set.column)}").ToList();
        writer.Line($"{creation}(");
        using (writer.Indent())
        {
            for (var index = 0; index < arguments.Count; index++)
            {
                writer.Line(arguments[index] + (index < arguments.Count - 1 ? "," : properties.Count > 0 ? ")" : ");"));
            }
        }

        if (arguments.Count == 0)
        {
            writer.Line(properties.Count > 0 ? ")" : ");");
        }

        if (properties.Count == 0)
        {
            return;
        }

        using (writer.Open("", "};"))
        {
            properties.ForEach(property => writer.Line(property + ","));
        }
    }

    private static string Default(ColumnModel column) => column is { IsNullable: false, IsValueType: false } ? "default!" : "default";
}
