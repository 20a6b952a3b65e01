using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Rules;

/// <summary>Row types: they can be made out of columns, and every column can be read and written.</summary>
internal static class RowRules
{
    public static void Check(PipelineDeclaration pipeline, Report report)
    {
        foreach (var (row, node) in Rows(pipeline))
        {
            if (row.IsValueType)
            {
                report.Add(Descriptors.StructRow, Place(row, node), row.ShortName());
            }
            else if (row.TypeKind != TypeKind.Error && pipeline.Row(row).Constructor is null)
            {
                report.Add(Descriptors.RowNotMakeable, Place(row, node), row.ShortName());
            }
        }

        foreach (var (row, node) in Distinct(pipeline.Nodes.Where(node => node is SourceDeclaration || node.Sinks.Count > 0).Select(node => (node.Row, node))))
        {
            CheckColumns(pipeline.Row(row), node, pipeline.Compilation, report);
            CheckLeftOut(pipeline.Row(row), node, report);
        }

        CheckDecimals(pipeline, report);
    }

    /// <summary>Every row type of the graph, with a node to point at when the type itself is elsewhere.</summary>
    private static List<(ITypeSymbol Row, NodeDeclaration Node)> Rows(PipelineDeclaration pipeline) =>
        Distinct(pipeline.Nodes.Select(node => (node.Row, node)).Concat(pipeline.Methods.Select(method => (method.Shape?.In, (NodeDeclaration)method))));

    private static List<(ITypeSymbol Row, NodeDeclaration Node)> Distinct(IEnumerable<(ITypeSymbol? Row, NodeDeclaration Node)> rows)
    {
        var seen = new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default);
        return rows.Where(pair => pair.Row is not null && seen.Add(pair.Row)).Select(pair => (pair.Row!, pair.Node)).ToList();
    }

    private static void CheckColumns(RowType row, NodeDeclaration node, Compilation compilation, Report report)
    {
        var columns = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in row.Columns)
        {
            var converter = RowProperty.Converter(property);
            if (converter is null && Entity.IsOwned(property.Type.WithoutNull()))
            {
                report.Add(Descriptors.OwnedType, Place(property, node), row.Type.Name, property.Name, property.Type.WithoutNull().ShortName());
            }
            else if (converter is null ? ColumnTypes.IsImpossible(property.Type.WithoutNull(), compilation) : RowProperty.ConvertedColumn(converter) is null)
            {
                report.Add(Descriptors.ColumnType, Place(property, node), row.Type.Name, property.Name, property.Type.ShortName());
            }

            if (SharedLabel(property) is { } shared)
            {
                report.Add(Descriptors.SharedLabel, Place(property, node), shared.First, shared.Second, property.Type.WithoutNull().ShortName(), shared.Label);
            }

            var attribute = RowProperty.Attribute(property, KnownNames.Column);
            var name = attribute?.FirstText() ?? property.Name;
            if (columns.TryGetValue(name, out var other))
            {
                report.Add(Descriptors.DuplicateColumn, Place(property, node), other, property.Name, row.Type.Name);
            }
            else
            {
                columns.Add(name, property.Name);
            }

            if (attribute?.Named("TypeName")?.Value is string typeName && IsNullable(typeName) && !property.Type.TakesNull())
            {
                report.Add(Descriptors.NullableColumn, Place(property, node), row.Type.Name, property.Name, typeName);
            }
        }
    }

    private static void CheckLeftOut(RowType row, NodeDeclaration node, Report report)
    {
        foreach (var property in row.Navigations)
        {
            report.Add(Descriptors.Navigation, Place(property, node), row.Type.Name, property.Name, property.Type.WithoutNull().ShortName());
        }

        foreach (var property in row.SystemVersions)
        {
            report.Add(Descriptors.SystemVersion, Place(property, node), row.Type.Name, property.Name);
        }

        foreach (var property in row.Unset)
        {
            report.Add(Descriptors.UnsetProperty, Place(property, node), row.Type.Name, property.Name);
        }
    }

    private static (string First, string Second, string Label)? SharedLabel(IPropertySymbol property) =>
        (RowProperty.ConvertedColumn(RowProperty.Converter(property)) ?? property.Type).WithoutNull() is INamedTypeSymbol { TypeKind: TypeKind.Enum } type
        && EnumMembers.Of(type).GroupBy(member => member.Label ?? member.Name).FirstOrDefault(group => group.Count() > 1) is { } members
            ? (members.First().Name, members.ElementAt(1).Name, members.Key)
            : null;

    private static bool IsNullable(string typeName) =>
        typeName.TrimEnd().EndsWith(" null", StringComparison.OrdinalIgnoreCase) && !typeName.TrimEnd().EndsWith("not null", StringComparison.OrdinalIgnoreCase);

    private static void CheckDecimals(PipelineDeclaration pipeline, Report report)
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var node in pipeline.Nodes.Where(node => node.Row is not null))
        {
            foreach (var sink in node.Sinks.Where(sink => sink.Traits.NeedsDecimalPrecision))
            {
                var vague = pipeline.Row(node.Row!).Columns.Where(property =>
                    property.Type.WithoutNull().SpecialType == SpecialType.System_Decimal
                    && RowProperty.Attribute(property, KnownNames.Column)?.Named("TypeName")?.Value is not string { Length: > 0 });
                foreach (var property in vague.Where(seen.Add))
                {
                    report.Add(Descriptors.DecimalPrecision, Place(property, node), node.Row!.Name, property.Name, sink.Name);
                }
            }
        }
    }

    /// <summary>Where the symbol is written; the node, when that is in another assembly.</summary>
    public static Location Place(ISymbol symbol, NodeDeclaration node) => symbol.Place() is { IsInSource: true } place ? place : node.Member.Place();
}
