using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>Writes the nested class that knows the keys of the row types: how they hash, compare, and travel alone.</summary>
internal sealed class KeysEmitter(SourceWriter writer, PipelineModel model, Names names)
{
    public void Emit()
    {
        var members = Members().ToList();
        if (members.Count == 0)
        {
            return;
        }

        writer.Line();
        using (writer.Open($"private static class {names.Keys}"))
        {
            for (var index = 0; index < members.Count; index++)
            {
                if (index > 0)
                {
                    writer.Line();
                }

                members[index]();
            }
        }
    }

    private IEnumerable<Action> Members()
    {
        foreach (var row in model.Rows)
        {
            if (row.HasCodec || model.Nodes.Any(node => node.Async is not null && node.In == row.Type))
            {
                yield return () => Hash(row);
            }

            var isFound = model.Nodes.Any(node => node.Out == row.Type && FanOutBody.ComparesRows(node));
            if (row.HasCodec || isFound || model.Nodes.Any(node => node.Out == row.Type && node.CarriesOldRow))
            {
                yield return () => Same(row);
            }

            if (isFound)
            {
                yield return () => Find(row);
            }

            if (model.Nodes.Any(node => node.In == row.Type && IsRetracting(node)))
            {
                yield return () => Only(row);
            }
        }

        foreach (var node in model.Nodes.Where(node => node.DeleteKey.Count > 0))
        {
            yield return () => For(node);
        }
    }

    private static bool IsRetracting(NodeModel node) => node is { Kind: NodeKind.Filter or NodeKind.Route, Retracts: true, Parameters.TakesChange: false };

    private void Hash(RowModel row)
    {
        var hashes = row.KeyColumns().Select(column => $"{Names.Rows}StableHash.Of({Value(column, "row")})").ToList();
        var combined = hashes.Count == 0 ? "0" : hashes.Aggregate((first, second) => $"{Names.Rows}StableHash.Combine({first}, {second})");
        writer.Line($"public static int Hash({row.Type.Full} row) => {combined};");
    }

    private void Same(RowModel row)
    {
        var equals = row.KeyColumns().Select(Equal).ToList();
        writer.Line($"public static bool Same({row.Type.Full} left, {row.Type.Full} right) =>");
        using (writer.Indent())
        {
            writer.Line(equals.Count == 0 ? "ReferenceEquals(left, right);" : string.Join(" && ", equals) + ";");
        }
    }

    /// <summary>Whether a row's part of the key is another value than <paramref name="value"/>, which was such a property's.</summary>
    public static string Differ(ColumnModel column, string row, string value)
    {
        var (left, right) = (Value(column, row), Converted(column, value));
        return column.Value.HasOperator ? $"{left} != {right}" : $"!{Equal(column, left, right)}";
    }

    private static string Equal(ColumnModel column) => Equal(column, Value(column, "left"), Value(column, "right"));

    private static string Equal(ColumnModel column, string left, string right) => column.Value switch
    {
        { HasOperator: true } => $"{left} == {right}",
        { Getter: "GetBytes" } => $"global::System.MemoryExtensions.SequenceEqual<byte>({left}, {right})",
        _ => $"global::System.Collections.Generic.EqualityComparer<{column.Value.Type.Full}>.Default.Equals({left}, {right})",
    };

    private static string Value(ColumnModel column, string row) => Converted(column, $"{row}.{NameScope.Escape(column.Property)}");

    private static string Converted(ColumnModel column, string value) => column.Value.Conversion is { } conversion ? $"{conversion.ToColumn}({value})" : value;

    private void Find(RowModel row)
    {
        using (writer.Open($"public static {row.Type.Full}? Find({Names.List}<{row.Type.Full}> rows, {row.Type.Full} key)"))
        {
            using (writer.Open("foreach (var row in rows)"))
            using (writer.Open("if (Same(row, key))"))
            {
                writer.Line("return row;");
            }

            writer.Line().Line("return null;");
        }
    }

    private void Only(RowModel row)
    {
        RowCreation.Write(
            writer, ($"public static {row.Type.Full} Only({row.Type.Full} row)", null), row, names,
            column => column.IsKey ? $"row.{NameScope.Escape(column.Property)}" : null);
    }

    private void For(NodeModel node)
    {
        var made = model.Rows.First(row => row.Type == node.Out);
        RowCreation.Write(
            writer, ($"public static {node.Out.Full} For{node.Method}({node.In.Full} row)", null), made, names,
            column => node.DeleteKey.FirstOrDefault(key => key.To == column.Property) is { } key ? $"row.{NameScope.Escape(key.From)}" : null);
    }
}
