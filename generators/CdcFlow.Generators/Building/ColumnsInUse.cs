using CdcFlow.Generators.Declarations;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Building;

/// <summary>Which columns of a row type anything in the pipeline may look at. Sources do not even ask for the others.</summary>
/// <remarks>A row reaches further nodes by filters and routes, and they take the row type too: so what takes the type is all that can see its rows.</remarks>
internal static class ColumnsInUse
{
    /// <summary>The properties; null when any may be looked at.</summary>
    public static ISet<string>? Of(RowType row, IReadOnlyList<NodeDeclaration> nodes, Compilation compilation)
    {
        if (!PlainRow.Is(row) || nodes.Any(node => node.Sinks.Count > 0 && node.Row.IsSame(row.Type)))
        {
            return null;
        }

        var used = new HashSet<string>(row.Key.Select(property => property.Name), StringComparer.Ordinal);
        foreach (var method in nodes.OfType<MethodDeclaration>().Where(method => method.Shape!.In.IsSame(row.Type)))
        {
            if (method.Shape!.TakesChange || UsedColumns.Of(method.Method, row, compilation) is not { } columns)
            {
                return null;
            }

            used.UnionWith(columns);
        }

        // A row of no column is none that a table could give.
        return used.Count == 0 ? null : used;
    }
}
