using System.Globalization;
using CdcFlow.Generators.Model;

namespace CdcFlow.Generators.Emission;

/// <summary>A map's row has the key by which its delete will travel, or the pipeline stops: one comparison for each part of the key.</summary>
internal static class MadeKey
{
    /// <summary>Keeps the key of the row that the method is about to get: it could set it.</summary>
    public static void Keep(NodeBody body, string row)
    {
        foreach (var (local, part) in Parts(body.Node))
        {
            body.Writer.Line($"var {local} = {row}.{NameScope.Escape(part.From)};");
        }
    }

    /// <summary>Compares what the method made.</summary>
    /// <param name="body">The node.</param>
    /// <param name="row">The row that it made.</param>
    /// <param name="isNullable">Whether it may be none.</param>
    public static void Require(NodeBody body, string row, bool isNullable = false)
    {
        var (node, writer) = (body.Node, body.Writer);
        foreach (var (local, part) in Parts(node))
        {
            var made = KeysEmitter.Differ(body.Model.Rows.First(type => type.Type == node.Out).Columns.First(column => column.Property == part.To), row, local);
            using (writer.Open($"if ({(isNullable ? $"{row} is not null && " : "")}{made})"))
            {
                var names = $"{Names.Quote($"{node.Out.Short}.{part.To}")}, {Names.Quote($"{node.In.Short}.{part.From}")}";
                writer.Line($"throw {Names.Operators}MadeKey.Altered(change.Metadata, {Names.Quote(node.Id)}, {names});");
            }
        }

        if (!isNullable)
        {
            writer.Line();
        }
    }

    private static IEnumerable<(string Local, KeyMapping Part)> Parts(NodeModel node) => node.DeleteKey.Select(
        (part, index) => (index == 0 ? "key" : "key" + (index + 1).ToString(CultureInfo.InvariantCulture), part));
}
