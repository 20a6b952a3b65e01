using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>Writes the nested class that calls the hidden members of a row type: without reflection, by the runtime's accessors.</summary>
internal static class AccessEmitter
{
    private const string Accessor = "[global::System.Runtime.CompilerServices.UnsafeAccessor(global::System.Runtime.CompilerServices.UnsafeAccessorKind.";

    public static void Emit(SourceWriter writer, RowModel row, Names names)
    {
        writer.Line();
        using (writer.Open($"private static class {names.Access(row.Type)}"))
        {
            if (row.HiddenConstructor is { } constructor)
            {
                writer.Line($"{Accessor}Constructor)]");
                var list = string.Join(", ", constructor.Parameters.Select(parameter => $"{parameter.Type} {NameScope.Escape(parameter.Name)}"));
                writer.Line($"public static extern {row.Type.Full} New({list});");
            }

            foreach (var column in row.Columns.Where(column => column.HiddenSetter is not null))
            {
                Setter(writer, column, column.HiddenSetter!);
            }
        }
    }

    /// <summary>The call that sets a column of the row that is made.</summary>
    public static string Set(ColumnModel column, string value, RowModel row, Names names) => column.HiddenSetter switch
    {
        null => $"made.{NameScope.Escape(column.Property)} = {value};",
        { TypeParameters: "" } => $"{names.Access(row.Type)}.Set{column.Property}(made, {value});",
        var setter => $"{names.Access(row.Type)}.{column.Property}Of{setter.TypeArguments}.Set(made, {value});",
    };

    // The accessor of a generic type's member has the type's parameters, not what stands for them.
    private static void Setter(SourceWriter writer, ColumnModel column, SetterModel setter)
    {
        writer.Line();
        var target = $"{Accessor}Method, Name = \"set_{column.Property}\")]";
        if (setter.TypeParameters.Length == 0)
        {
            writer.Line(target).Line($"public static extern void Set{column.Property}({setter.Owner} row, {setter.Value} value);");
            return;
        }

        using (writer.Open($"public static class {column.Property}Of{setter.TypeParameters} {setter.Constraints}".TrimEnd()))
        {
            writer.Line(target).Line($"public static extern void Set({setter.Owner} row, {setter.Value} value);");
        }
    }
}
