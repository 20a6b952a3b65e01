using System.Globalization;
using System.Text;

namespace CdcFlow.Tool.Scaffold;

/// <summary>Row types as C#. Pure. Names of the database are written as the hostile text that they may be.</summary>
internal static class RowTypeWriter
{
    private const string Annotations = "System.ComponentModel.DataAnnotations";

    /// <summary>One file: the row types, and the enums after them.</summary>
    internal static string Write(string @namespace, RowTypes types)
    {
        var usings = types.Rows.SelectMany(row => row.Properties).Select(property => property.Type.Namespace).OfType<string>()
            .Append($"{Annotations}.Schema").Concat(types.Rows.Any(row => row.Properties.Any(property => property.IsKey)) ? [Annotations] : [])
            .Distinct().OrderBy(name => !name.StartsWith("System", StringComparison.Ordinal)).ThenBy(name => name, StringComparer.Ordinal);
        return string.Concat(
            "// Written by `cdcflow scaffold`; yours to change. Leave out what you do not need: only columns that a property names are read.\n",
            "// A value that its type cannot hold (an infinite date, more than 28 digits) stops the pipeline, which names it; a string holds every value.\n",
            string.Concat(usings.Select(name => $"using {name};\n")),
            $"\nnamespace {@namespace};\n",
            string.Concat(types.Rows.Select(Row)),
            string.Concat(types.Enums.Select(Enum)));
    }

    private static string Row(RowType row)
    {
        var text = new StringBuilder($"\n/// <summary>A row of <c>{Comment(row.Table.ToString())}</c>.</summary>\n");
        if (row.Remarks.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"/// <remarks>{Comment(string.Join(' ', row.Remarks))}</remarks>\n");
        }

        var schema = row.Table.Schema == "public" ? "" : $", Schema = {Literal(row.Table.Schema)}";
        text.Append(CultureInfo.InvariantCulture, $"[Table({Literal(row.Table.Name)}{schema})]\npublic sealed record {row.Name}(");
        return text.AppendJoin(',', row.Properties.Select(property => $"\n    {Property(property)}")).Append(");\n").ToString();
    }

    private static string Property(RowTypeProperty property)
    {
        var column = property.Column is { } name ? $"Column({Literal(name)})" : null;
        string[] attributes = [.. new[] { property.IsKey ? "Key" : null, column }.OfType<string>()];
        return $"{(attributes.Length > 0 ? $"[property: {string.Join(", ", attributes)}] " : "")}{property.Type.Name}{(property.IsNullable ? "?" : "")} {property.Name}";
    }

    private static string Enum(EnumType type) =>
        $"\n/// <summary>The labels of <c>{Comment(type.Id.ToString())}</c>.</summary>\npublic enum {type.Name}\n{{\n{string.Join(",\n", type.Members.Select(member => $"    {member}"))},\n}}\n";

    private static string Comment(string text) =>
        string.Concat(text.Select(letter => letter switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", _ => Escaped(letter) }));

    private static string Literal(string text) => $"\"{string.Concat(text.Select(letter => letter is '"' or '\\' ? $"\\{letter}" : Escaped(letter)))}\"";

    // What ends a line for the compiler, or reorders it for the eye.
    private static string Escaped(char letter) =>
        char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            ? $"\\u{(int)letter:x4}"
            : letter.ToString();
}
