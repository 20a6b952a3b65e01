using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.Generators.Declarations;

/// <summary>What one property of a row type means.</summary>
internal static class RowProperty
{
    /// <summary>Readable public properties, those of base types first.</summary>
    public static IEnumerable<IPropertySymbol> Of(ITypeSymbol type)
    {
        var inherited = type.BaseType is { SpecialType: SpecialType.None } parent ? Of(parent) : [];
        var own = type.GetMembers().OfType<IPropertySymbol>().Where(property => property is
        {
            IsStatic: false, IsIndexer: false, CanBeReferencedByName: true, DeclaredAccessibility: Accessibility.Public, GetMethod: not null,
        }).ToList();
        return inherited.Where(property => own.All(mine => mine.Name != property.Name)).Concat(own);
    }

    /// <summary>Whether the property gives its own value and nothing else: the compiler wrote its getter.</summary>
    public static bool IsPlain(IPropertySymbol property) => property.GetMethod is { } getter
        && (property.Locations.Any(place => place.IsInSource)
            ? getter.DeclaringSyntaxReferences.All(part => part.GetSyntax() is ParameterSyntax or AccessorDeclarationSyntax { Body: null, ExpressionBody: null })
            : getter.GetAttributes().Any(attribute => attribute.AttributeClass.Is("System.Runtime.CompilerServices.CompilerGeneratedAttribute")));

    /// <summary>Whether the property's first value is computed, as from the constructor's parameters.</summary>
    public static bool IsDerived(IPropertySymbol property) => property.DeclaringSyntaxReferences.Any(part =>
        part.GetSyntax() is PropertyDeclarationSyntax { Initializer: { } initializer } && initializer.DescendantNodes().OfType<IdentifierNameSyntax>().Any());

    /// <summary>An attribute of the property, or of the record's parameter that it comes from.</summary>
    public static AttributeData? Attribute(IPropertySymbol property, string metadataName) =>
        property.Attribute(metadataName)
        ?? property.ContainingType.InstanceConstructors.SelectMany(constructor => constructor.Parameters)
            .Where(parameter => Sets(parameter, property)).Select(parameter => parameter.Attribute(metadataName))
            .FirstOrDefault(attribute => attribute is not null);

    /// <summary>The name of <c>[Column]</c>, or null.</summary>
    public static string? ColumnName(IPropertySymbol property) => Attribute(property, KnownNames.Column)?.FirstText();

    /// <summary>The converter of <c>[ColumnConverter]</c>, or null.</summary>
    public static ITypeSymbol? Converter(IPropertySymbol property) =>
        Attribute(property, KnownNames.ColumnConverterAttribute)?.AttributeClass!.TypeArguments[0];

    /// <summary>The column type of a converter; null for none, or for a type that is no converter.</summary>
    public static ITypeSymbol? ConvertedColumn(ITypeSymbol? converter) =>
        converter?.AllInterfaces.FirstOrDefault(contract => contract.Is(KnownNames.ColumnConverter))?.TypeArguments[0];

    /// <summary>Whether the constructor's parameter gives the property its value.</summary>
    public static bool Sets(IParameterSymbol parameter, IPropertySymbol property) =>
        string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase) && parameter.Type.IsSame(property.Type);
}
