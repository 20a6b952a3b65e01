using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>Writes the expression that makes a row.</summary>
internal static class RowCreation
{
    /// <param name="writer">Where to.</param>
    /// <param name="row">The row type.</param>
    /// <param name="value">The C# text of a column's value; null where it has none and the property takes its default.</param>
    public static void Write(SourceWriter writer, RowModel row, Func<ColumnModel, string?> value)
    {
        var arguments = row.Columns.Where(column => column.Argument is not null)
            .Select(column => $"{NameScope.Escape(column.Argument!)}: {value(column) ?? Default(column)}").ToList();
        var properties = row.Columns.Where(column => column.Argument is null)
            .Select(column => (column, Value: value(column)))
            .Where(set => set.Value is not null || set.column.IsRequired)
            .Select(set => $"{NameScope.Escape(set.column.Property)} = {set.Value ?? Default(set.column)}").ToList();
        writer.Line($"new {row.Type.Full}(");
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
