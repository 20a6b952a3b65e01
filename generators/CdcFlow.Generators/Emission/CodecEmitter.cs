using System.Globalization;
using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>Writes the codec of a row type.</summary>
internal sealed class CodecEmitter(SourceWriter writer, RowModel row, Names names)
{
    private const string Reader = "where TReader : struct, global::CdcFlow.Rows.IRowReader, allows ref struct";
    private const string Writer = "where TWriter : struct, global::CdcFlow.Rows.IRowWriter, allows ref struct";

    private readonly List<ColumnModel> columns = [.. row.UsedColumns()];

    public void Emit()
    {
        if (columns.Count < row.Columns.Count)
        {
            var unused = row.Columns.Except(columns).Select(column => column.Property);
            writer.Line($"// Only what the pipeline looks at is read; unused: {string.Join(", ", unused)}.");
        }

        using (writer.Open($"private readonly struct {names.Codec(row.Type)} : {Names.Rows}IRowCodec<{row.Type.Full}>"))
        {
            Schema();
            Read("Read", column => column.IsUsed);
            Read("ReadKey", column => column.IsKey);
            Write("Write", _ => true);
            Write("WriteKey", column => column.IsKey);
            Key();
            foreach (var column in Enums())
            {
                ReadEnum(column);
                WriteEnum(column);
            }
        }
    }

    private IEnumerable<EnumModel> Enums() => columns.Select(column => column.Value.Enum).OfType<EnumModel>().Distinct();

    private void Schema()
    {
        writer.Line($"public static {Names.Rows}RowSchema Schema {{ get; }} = new(");
        using (writer.Indent())
        {
            var schema = row.Schema is null ? "null" : Names.Quote(row.Schema);
            writer.Line($"{Names.Quote(row.Type.Short)}, {Names.Quote(row.Table)}, {schema}{(columns.Count > 0 ? "," : ");")}");
            for (var index = 0; index < columns.Count; index++)
            {
                writer.Line(Descriptor(columns[index]) + (index < columns.Count - 1 ? "," : ");"));
            }
        }

        writer.Line();
    }

    private static string Descriptor(ColumnModel column)
    {
        var typeName = column.TypeName is null ? "" : $", TypeName: {Names.Quote(column.TypeName)}";
        var isExplicit = column.IsNameExplicit ? ", IsNameExplicit: true" : "";
        return $"new {Names.Rows}ColumnDescriptor({Names.Quote(column.Name)}, {Names.Quote(column.Property)}, typeof({column.Value.Type.Full}), "
            + $"IsNullable: {Text(column.IsNullable)}, IsKey: {Text(column.IsKey)}{typeName}{isExplicit}){EnumValues(column)}";
    }

    private static string EnumValues(ColumnModel column) => column.Value.Enum is not { } type ? "" : " { EnumValues = ["
        + string.Join(", ", type.Members.Select(member => $"new({Names.Quote(member.Name)}, {Names.Quote(member.Label)}, {member.Number.ToString(CultureInfo.InvariantCulture)})")) + "] }";

    private static string Text(bool value) => value ? "true" : "false";

    private void Read(string method, Func<ColumnModel, bool> isRead)
    {
        RowCreation.Write(
            writer, ($"public static {row.Type.Full} {method}<TReader>(ref TReader reader)", Reader), row, names, column => isRead(column) ? ReadValue(column) : null);
        writer.Line();
    }

    private string ReadValue(ColumnModel column)
    {
        var index = Index(column);
        var value = column.Value.Enum is { } type ? $"Read{Method(type)}(ref reader, {index})" : $"reader.{column.Value.Getter}({index})";
        value = column.Value.RefusesNullInside ? $"{Names.Rows}ColumnValue.WithoutNulls({value}, Schema, {index})" : value;
        var converted = column.Value.Conversion is { FromColumn: { } method } conversion ? $"{method}({value}{(conversion.TakesPlace ? $", Schema, {index}" : "")})" : value;
        if (column.IsNullable)
        {
            return $"reader.IsNull({index}) ? null : {converted}";
        }

        return $"{Names.Rows}ColumnValue.IsPresent(ref reader, {index}, Schema) ? {converted} : {(column.IsValueType ? "default" : "default!")}";
    }

    private void Write(string method, Func<ColumnModel, bool> isWritten)
    {
        using (writer.OpenWhere($"public static void {method}<TWriter>({row.Type.Full} row, ref TWriter writer)", Writer))
        {
            foreach (var column in columns.Where(isWritten))
            {
                WriteValue(column);
            }
        }

        writer.Line();
    }

    private void WriteValue(ColumnModel column)
    {
        var index = Index(column);
        if (!column.IsNullable)
        {
            writer.Line($"writer.Write({index}, {Written(column, $"row.{NameScope.Escape(column.Property)}")});");
            return;
        }

        var local = NameScope.Escape(NameScope.Camel(column.Property) + "Value");
        using (writer.Open($"if (row.{NameScope.Escape(column.Property)} is {{ }} {local})"))
        {
            writer.Line($"writer.Write({index}, {Written(column, local)});");
        }

        using (writer.Open("else"))
        {
            writer.Line($"writer.WriteNull({index});");
        }
    }

    private static string Written(ColumnModel column, string value)
    {
        var converted = column.Value.Conversion is { } conversion ? $"{conversion.ToColumn}({value})" : value;
        return column.Value.Enum is { } type ? $"Write{Method(type)}({converted})" : converted;
    }

    private void Key()
    {
        var parts = row.KeyColumns().Select(column => $"row.{NameScope.Escape(column.Property)}").ToList();
        var key = parts.Count switch
        {
            0 => "row",
            1 => parts[0],
            _ => $"({string.Join(", ", parts)})",
        };
        writer.Line($"public static int KeyHash({row.Type.Full} row) => {names.Keys}.Hash(row);").Line();
        writer.Line($"public static bool KeyEquals({row.Type.Full} left, {row.Type.Full} right) => {names.Keys}.Same(left, right);").Line();
        writer.Line($"public static object Key({row.Type.Full} row) => {key};");
    }

    private void ReadEnum(EnumModel type)
    {
        writer.Line();
        using (writer.OpenWhere($"private static {type.Type.Full} Read{Method(type)}<TReader>(ref TReader reader, int column)", Reader))
        {
            writer.Line("var text = reader.GetUtf8(column);");
            foreach (var member in type.Members.Where(member => member.IsLabelled))
            {
                ReturnIf($"global::System.MemoryExtensions.SequenceEqual(text, {Names.Quote(member.Label)}u8)", type, member);
            }

            foreach (var member in type.Members)
            {
                ReturnIf($"{Names.Rows}EnumLabel.Names(text, {Names.Quote(member.Name)}u8)", type, member);
            }

            writer.Line($"return ({type.Type.Full}){Names.Rows}EnumLabel.Number(text, Schema, column);");
        }
    }

    private void ReturnIf(string condition, EnumModel type, EnumMember member)
    {
        using (writer.Open($"if ({condition})"))
        {
            writer.Line($"return {type.Type.Full}.{NameScope.Escape(member.Name)};");
        }

        writer.Line();
    }

    private void WriteEnum(EnumModel type)
    {
        writer.Line();
        using (writer.Open($"private static string Write{Method(type)}({type.Type.Full} value) => value switch", "};"))
        {
            foreach (var member in type.Members)
            {
                writer.Line($"{type.Type.Full}.{NameScope.Escape(member.Name)} => {Names.Quote(member.Label)},");
            }

            writer.Line("_ => value.ToString(\"D\"),");
        }
    }

    private static string Method(EnumModel type) => NameScope.Pascal(type.Type.Short);

    private string Index(ColumnModel column) => columns.IndexOf(column).ToString(CultureInfo.InvariantCulture);
}
