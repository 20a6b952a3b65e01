using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.Generators.Declarations;

/// <summary>What a row type's properties and constructors mean.</summary>
internal static class RowType
{
    /// <summary>The constructor that makes a row: the longest one that properties can feed; null when there is none.</summary>
    public static IMethodSymbol? Constructor(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol { IsAbstract: false, TypeKind: TypeKind.Class } named)
        {
            return null;
        }

        var properties = Properties(type).ToList();
        return named.InstanceConstructors
            .Where(constructor => constructor.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal
                && constructor.Parameters.All(parameter => properties.Any(property => Sets(parameter, property))))
            .OrderByDescending(constructor => constructor.Parameters.Length)
            .FirstOrDefault();
    }

    /// <summary>Properties that are columns: those that the constructor or a setter can set, without <c>[NotMapped]</c>.</summary>
    public static IEnumerable<IPropertySymbol> Columns(ITypeSymbol type, IMethodSymbol? constructor) =>
        Properties(type).Where(property =>
            ColumnAttribute(property, KnownNames.NotMapped) is null
            && (property.SetMethod is { DeclaredAccessibility: Accessibility.Public or Accessibility.Internal }
                || constructor?.Parameters.Any(parameter => Sets(parameter, property)) == true));

    /// <summary>Properties that are columns, by the constructor that is used.</summary>
    public static IEnumerable<IPropertySymbol> Columns(ITypeSymbol type) => Columns(type, Constructor(type));

    public static IEnumerable<IPropertySymbol> Key(ITypeSymbol type) => Columns(type).Where(IsKey);

    public static bool IsKey(IPropertySymbol property) => ColumnAttribute(property, KnownNames.Key) is not null;

    /// <summary>Whether the property gives its own value and nothing else: the compiler wrote its getter.</summary>
    public static bool IsPlain(IPropertySymbol property) => property.GetMethod is { } getter
        && (property.Locations.Any(place => place.IsInSource)
            ? getter.DeclaringSyntaxReferences.All(part => part.GetSyntax() is ParameterSyntax or AccessorDeclarationSyntax { Body: null, ExpressionBody: null })
            : getter.GetAttributes().Any(attribute => attribute.AttributeClass.Is("System.Runtime.CompilerServices.CompilerGeneratedAttribute")));

    /// <summary>An attribute of the property, or of the record's parameter that it comes from.</summary>
    public static AttributeData? ColumnAttribute(IPropertySymbol property, string metadataName) =>
        property.Attribute(metadataName)
        ?? property.ContainingType.InstanceConstructors.SelectMany(constructor => constructor.Parameters)
            .Where(parameter => Sets(parameter, property)).Select(parameter => parameter.Attribute(metadataName))
            .FirstOrDefault(attribute => attribute is not null);

    /// <summary>The converter of <c>[ColumnConverter]</c>, or null.</summary>
    public static ITypeSymbol? Converter(IPropertySymbol property) =>
        ColumnAttribute(property, KnownNames.ColumnConverterAttribute)?.AttributeClass!.TypeArguments[0];

    /// <summary>The column type of a converter; null for none, or for a type that is no converter.</summary>
    public static ITypeSymbol? ConvertedColumn(ITypeSymbol? converter) =>
        converter?.AllInterfaces.FirstOrDefault(contract => contract.Is(KnownNames.ColumnConverter))?.TypeArguments[0];

    public static bool Sets(IParameterSymbol parameter, IPropertySymbol property) =>
        string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase) && parameter.Type.IsSame(property.Type);

    /// <summary>Readable public properties, those of base types first.</summary>
    private static IEnumerable<IPropertySymbol> Properties(ITypeSymbol type)
    {
        var inherited = type.BaseType is { SpecialType: SpecialType.None } parent ? Properties(parent) : [];
        var own = type.GetMembers().OfType<IPropertySymbol>().Where(property => property is
        {
            IsStatic: false, IsIndexer: false, CanBeReferencedByName: true, DeclaredAccessibility: Accessibility.Public, GetMethod: not null,
        }).ToList();
        return inherited.Where(property => own.All(mine => mine.Name != property.Name)).Concat(own);
    }
}
