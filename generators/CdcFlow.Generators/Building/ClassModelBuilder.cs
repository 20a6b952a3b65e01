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

    /// <summary>The skeleton of a rejected class; null for one that can have no second half at all.</summary>
    public static SkeletonModel? Skeleton(PipelineDeclaration pipeline)
    {
        var (isGeneric, type) = (false, pipeline.Type);
        for (var at = type; at is not null; at = at.ContainingType)
        {
            if (at.IsFileLocal || !ClassRules.IsPartial(at))
            {
                return null;
            }

            isGeneric |= at.IsGenericType;
        }

        return type.IsStatic ? null : new SkeletonModel(
            Build(type), Header(type), IsRunnable: !isGeneric && !type.IsRecord, Unwritten(pipeline).Select(Property).ToEquatableArray());
    }

    /// <summary>The sources' properties that wait for their second half.</summary>
    public static IEnumerable<IPropertySymbol> Unwritten(PipelineDeclaration pipeline) =>
        pipeline.Sources.Select(source => source.Property).Where(property => property is { IsPartialDefinition: true, PartialImplementationPart: null });

    private static SkeletonProperty Property(IPropertySymbol property) => new(
        Modifiers(property), property.Type.ToDisplayString(nullable), property.Name, property.GetMethod is not null,
        property.SetMethod is not { } setter ? null : setter.IsInitOnly ? "init" : "set");

    /// <summary>The modifiers of a property as they are written.</summary>
    public static string Modifiers(IPropertySymbol property) =>
        string.Join(" ", ((PropertyDeclarationSyntax)property.DeclaringSyntaxReferences[0].GetSyntax()).Modifiers.Select(modifier => modifier.Text));

    private static Stack<string> OuterTypes(INamedTypeSymbol type)
    {
        var outer = new Stack<string>();
        for (var at = type.ContainingType; at is not null; at = at.ContainingType)
        {
            outer.Push(Header(at));
        }

        return outer;
    }

    private static string Header(INamedTypeSymbol type)
    {
        var kind = type.IsValueType ? "struct" : type.TypeKind == TypeKind.Interface ? "interface" : "class";
        var parameters = type.TypeParameters.Length == 0 ? "" : $"<{string.Join(", ", type.TypeParameters.Select(parameter => NameScope.Escape(parameter.Name)))}>";
        return $"partial {(type.IsRecord ? "record " : "")}{kind} {NameScope.Escape(type.Name)}{parameters}";
    }
}
