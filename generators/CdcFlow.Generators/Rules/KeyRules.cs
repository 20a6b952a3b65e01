using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Rules;

/// <summary>Keys: there is one where rows are addressed by it, it is sound, and deletes can travel by it.</summary>
internal static class KeyRules
{
    public static void Check(PipelineDeclaration pipeline, Report report)
    {
        var missing = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        CheckKeyedModes(pipeline, missing, report);
        foreach (var (row, why, node) in Needs(pipeline))
        {
            if (!row.IsValueType && pipeline.Row(row).Key.Count == 0 && missing.Add(row))
            {
                report.Add(Descriptors.KeyMissing, RowRules.Place(row, node), row.ShortName(), why);
            }
        }

        CheckSoundness(pipeline, report);
        foreach (var method in pipeline.Methods.Where(DeletesByKey))
        {
            var shape = method.Shape!;
            if (pipeline.Row(shape.Out).Key.Count > 0 && DeleteKeys.Of(method, pipeline) is null)
            {
                report.AddWithSuggestion(
                    Descriptors.DeleteKey, method.Member.Place(), Suggest(shape, pipeline), method.Member.Name, shape.In.ShortName(), shape.Out.ShortName());
            }
        }
    }

    /// <summary>Sinks that keep one row per key unless they are told otherwise: either fix may be the right one.</summary>
    private static void CheckKeyedModes(PipelineDeclaration pipeline, HashSet<ISymbol> missing, Report report)
    {
        foreach (var node in pipeline.Nodes.Where(node => node.Row is { IsValueType: false } row && pipeline.Row(row).Key.Count == 0))
        {
            foreach (var sink in node.Sinks.Where(sink => sink.NeedsKey && sink.Traits.KeylessWith is { Type: not null }))
            {
                var value = sink.Traits.KeylessWith!.Value;
                var property = sink.Attribute.AttributeClass!.GetMembers().OfType<IPropertySymbol>().FirstOrDefault(each => each.Type.IsSame(value.Type));
                var suggestion = property is null ? null : $"{property.Name} = {value.Type!.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)}.{value.EnumMember()}";
                missing.Add(node.Row!);
                report.AddWithSuggestion(
                    Descriptors.KeyedMode, sink.Attribute.Place(sink.Member), suggestion, sink.Name, node.Row!.ShortName(),
                    $"{property?.Name} = {value.Type!.Name}.{value.EnumMember()}");
            }
        }
    }

    /// <summary>Who needs a key of which row type.</summary>
    private static IEnumerable<(ITypeSymbol Row, string Why, NodeDeclaration Node)> Needs(PipelineDeclaration pipeline)
    {
        foreach (var node in pipeline.Nodes.Where(node => node.Row is not null))
        {
            foreach (var sink in node.Sinks.Where(sink => sink.NeedsKey))
            {
                yield return (node.Row!, $"keyed sink '{sink.Name}'", node);
            }
        }

        foreach (var method in pipeline.Methods.Where(method => method.Shape is not null))
        {
            var shape = method.Shape!;
            if (shape.IsAsync && method.Ordering == "PerKey")
            {
                yield return (shape.In, $"the per-key ordering of '{method.Member.Name}'", method);
            }

            if (DeletesByKey(method))
            {
                yield return (shape.Out, $"the deletes that '{method.Member.Name}' passes on", method);
            }
            else if (!shape.TakesChange && method.Retracts)
            {
                yield return (shape.Out, $"the rows that '{method.Member.Name}' takes back", method);
            }
        }
    }

    private static bool DeletesByKey(MethodDeclaration method) => method.Shape is { TakesChange: false, Result: ResultShape.Row };

    private static void CheckSoundness(PipelineDeclaration pipeline, Report report)
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var node in pipeline.Nodes.Where(node => node.Row is not null && seen.Add(node.Row)))
        {
            foreach (var property in pipeline.Row(node.Row!).Key)
            {
                if (Unsound(property) is { } reason)
                {
                    report.Add(Descriptors.UnsoundKey, RowRules.Place(property, node), node.Row!.Name, property.Name, reason);
                }
            }
        }
    }

    private static string? Unsound(IPropertySymbol property)
    {
        var type = (RowProperty.ConvertedColumn(RowProperty.Converter(property)) ?? property.Type).WithoutNull();
        return property.Type.TakesNull() && property.Type.NullableAnnotation != NullableAnnotation.None ? "nullable"
            : type.SpecialType is SpecialType.System_Single or SpecialType.System_Double ? "a floating-point number"
            : type.SpecialType == SpecialType.System_String || type is IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Byte } || type.IsUnmanagedType ? null
            : $"a {type.ShortName()}";
    }

    /// <summary>What to write for <c>DeleteKey</c>, where the keys fit by type and number.</summary>
    private static string? Suggest(MethodShape shape, PipelineDeclaration pipeline)
    {
        var from = pipeline.Row(shape.In).Key;
        var to = pipeline.Row(shape.Out).Key;
        return from.Count == to.Count && from.Zip(to, (left, right) => left.Type.IsSame(right.Type)).All(same => same)
            ? string.Join(", ", from.Select(property => property.Name))
            : null;
    }
}
