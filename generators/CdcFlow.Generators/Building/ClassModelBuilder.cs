using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Model;
using CdcFlow.Generators.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.Generators.Building;

/// <summary>Makes the model of the class itself, right or wrong.</summary>
internal static class ClassModelBuilder
{
    private static readonly SymbolDisplayFormat nullable =
        SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    public static ClassModel Build(INamedTypeSymbol type) => new(
        type.ContainingNamespace.IsGlobalNamespace ? null : type.ContainingNamespace.ToDisplayString(),
        OuterTypes(type).ToEquatableArray(), type.Name, new TypeRef(type.FullName(), type.ShortName()));

    /// <summary>The skeleton of a rejected class; null for one that has no second half at all.</summary>
    public static SkeletonModel? Skeleton(PipelineDeclaration pipeline)
    {
        if (pipeline.Type.IsRecord || pipeline.Type.IsStatic || pipeline.Type.IsFileLocal)
        {
            return null;
        }

        for (var at = pipeline.Type; at is not null; at = at.ContainingType)
        {
            if (at.IsGenericType || !ClassRules.IsPartial(at))
            {
                return null;
            }
        }

        var properties = pipeline.Sources.Select(source => source.Property)
            .Where(property => property is { IsPartialDefinition: true, SetMethod: null, GetMethod: not null })
            .Select(property => new SkeletonProperty(Modifiers(property), property.Type.ToDisplayString(nullable), property.Name));
        return new SkeletonModel(Build(pipeline.Type), properties.ToEquatableArray());
    }

    /// <summary>The modifiers of a property as they are written.</summary>
    public static string Modifiers(IPropertySymbol property) =>
        string.Join(" ", ((PropertyDeclarationSyntax)property.DeclaringSyntaxReferences[0].GetSyntax()).Modifiers.Select(modifier => modifier.Text));

    private static Stack<string> OuterTypes(INamedTypeSymbol type)
    {
        var outer = new Stack<string>();
        for (var at = type.ContainingType; at is not null; at = at.ContainingType)
        {
            outer.Push($"partial {(at.IsRecord ? "record " : "")}{(at.IsValueType ? "struct" : at.TypeKind == TypeKind.Interface ? "interface" : "class")} {at.Name}");
        }

        return outer;
    }
}
