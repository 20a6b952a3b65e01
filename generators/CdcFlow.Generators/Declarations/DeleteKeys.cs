using CdcFlow.Generators.Model;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Declarations;

/// <summary>How the key of a map's output comes from the key of its input, so that deletes can travel by key.</summary>
internal static class DeleteKeys
{
    /// <summary>The mapping; null when it cannot be derived. It takes every part of the input's key: rows that differ only in a part left out would share one
    /// result, and the delete of one would take away the other's.</summary>
    public static IReadOnlyList<KeyMapping>? Of(MethodDeclaration method, PipelineDeclaration pipeline)
    {
        var from = pipeline.Row(method.Shape!.In).Key;
        var to = pipeline.Row(method.Shape.Out).Key;
        var stated = (method.Attribute.Named("DeleteKey")?.Value as string)?.Split(',').Select(name => name.Trim()).ToList();
        if (to.Count == 0 || (stated is not null && stated.Count != to.Count))
        {
            return null;
        }

        var mapping = to.Select((property, index) => Map(property, stated?[index] ?? property.Name, from)).ToList();
        return mapping.Contains(null) || from.Any(property => mapping.All(mapped => mapped!.From != property.Name)) ? null : mapping.OfType<KeyMapping>().ToList();
    }

    private static KeyMapping? Map(IPropertySymbol to, string name, IReadOnlyList<IPropertySymbol> from) =>
        from.FirstOrDefault(property => property.Name == name && property.Type.IsSame(to.Type)) is { } source ? new KeyMapping(to.Name, source.Name) : null;
}
