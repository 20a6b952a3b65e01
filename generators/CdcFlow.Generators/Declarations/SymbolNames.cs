using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.Generators.Declarations;

/// <summary>Asking symbols for what they are by name.</summary>
internal static class SymbolNames
{
    private static readonly SymbolDisplayFormat full = SymbolDisplayFormat.FullyQualifiedFormat
        .WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers | SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    private static readonly SymbolDisplayFormat nested = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    /// <summary>The full name, telling of a generic type which of its arguments take null: <c>Dictionary&lt;string, string?&gt;</c> is read as just that.</summary>
    public static string FullNameWithNulls(this ITypeSymbol type) =>
        type.ToDisplayString(full.AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier));

    /// <summary>Whether the type is the one with this metadata name, as in <c>CdcFlow.Changes`1</c>.</summary>
    public static bool Is(this ITypeSymbol? type, string metadataName) =>
        type is INamedTypeSymbol named && named.ContainingType is null
        && metadataName.EndsWith(named.OriginalDefinition.MetadataName, StringComparison.Ordinal)
        && metadataName.Length == named.ContainingNamespace.ToDisplayString().Length + 1 + named.OriginalDefinition.MetadataName.Length
        && metadataName.StartsWith(named.ContainingNamespace.ToDisplayString(), StringComparison.Ordinal);

    /// <summary>Whether the type is, or derives from, the one with this metadata name.</summary>
    public static bool DerivesFrom(this ITypeSymbol? type, string metadataName)
    {
        for (var at = type; at is not null; at = at.BaseType)
        {
            if (at.Is(metadataName))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The attribute that is, or derives from, the one with this metadata name.</summary>
    public static AttributeData? Attribute(this ISymbol symbol, string metadataName) =>
        symbol.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass.DerivesFrom(metadataName));

    /// <summary>The value written for a property of the attribute, or null.</summary>
    public static TypedConstant? Named(this AttributeData attribute, string property)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == property)
            {
                return argument.Value;
            }
        }

        return null;
    }

    /// <summary>The first constructor argument, if it is text.</summary>
    public static string? FirstText(this AttributeData attribute) =>
        attribute.ConstructorArguments.Length > 0 && attribute.ConstructorArguments[0] is { Kind: TypedConstantKind.Primitive, Value: string text } ? text : null;

    /// <summary>The name of the enum member that was written for a property.</summary>
    public static string? NamedMember(this AttributeData attribute, string property) => attribute.Named(property)?.EnumMember();

    /// <summary>The name of the enum member that a constant is; null when it is none.</summary>
    public static string? EnumMember(this TypedConstant constant) =>
        constant is { Kind: TypedConstantKind.Enum, Type: { } type }
            ? type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, constant.Value))?.Name
            : null;

    /// <summary>As a person writes the attribute: without its suffix.</summary>
    public static string ShortName(this AttributeData attribute) => WithoutSuffix(attribute.AttributeClass!.Name);

    public static string WithoutSuffix(string attributeName) =>
        attributeName.EndsWith("Attribute", StringComparison.Ordinal) ? attributeName.Substring(0, attributeName.Length - "Attribute".Length) : attributeName;

    /// <summary>As generated code writes the type, without nullability of references.</summary>
    public static string FullName(this ITypeSymbol type) => type.ToDisplayString(full);

    /// <summary>As a person writes the type.</summary>
    public static string ShortName(this ITypeSymbol type) => type.ToDisplayString(nested);

    /// <summary>The type without nullability.</summary>
    public static ITypeSymbol WithoutNull(this ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);

    /// <summary>Whether the type is written with a question mark, or could not be.</summary>
    public static bool TakesNull(this ITypeSymbol type) =>
        type.IsValueType ? type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T : type.NullableAnnotation != NullableAnnotation.NotAnnotated;

    public static bool IsSame(this ISymbol? left, ISymbol? right) => SymbolEqualityComparer.Default.Equals(left, right);

    /// <summary>The method as it is written, with its body; null where it is not of this compilation.</summary>
    public static MethodDeclarationSyntax? Syntax(this IMethodSymbol method) =>
        (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).OfType<MethodDeclarationSyntax>().FirstOrDefault();

    /// <summary>Where the attribute is written, else where the symbol is.</summary>
    public static Location Place(this AttributeData attribute, ISymbol symbol) =>
        attribute.ApplicationSyntaxReference is { } syntax ? Location.Create(syntax.SyntaxTree, syntax.Span) : symbol.Place();

    /// <summary>Where the symbol's name is written.</summary>
    public static Location Place(this ISymbol symbol) => symbol.Locations.FirstOrDefault(place => place.IsInSource) ?? Location.None;
}
