using CdcFlow.Postgres.Types;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Declarations;

/// <summary>A property's type as the table of <see cref="ColumnFit"/> has it.</summary>
internal static class PropertyShapes
{
    private static readonly SymbolDisplayFormat full = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces, genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters);

    public static PropertyShape Of(ITypeSymbol type) => type switch
    {
        _ when (ColumnTypes.ListElement(type) ?? ColumnTypes.MemoryElement(type)) is { } element => new PropertyShape(PropertyShape.Array, Of(element)),
        _ when type.Is(KnownNames.JsonDocument) || type.Is(KnownNames.JsonNode) => new PropertyShape("System.Text.Json.JsonElement"),
        IArrayTypeSymbol { Rank: 1 } array => new PropertyShape(PropertyShape.Array, Of(array.ElementType)),
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable => new PropertyShape(PropertyShape.Nullable, Of(nullable.TypeArguments[0])),
        INamedTypeSymbol { TypeArguments.Length: 1 } named when named.Is($"{PropertyShape.Range}`1") => new PropertyShape(PropertyShape.Range, Of(named.TypeArguments[0])),
        _ => new PropertyShape(type.ToDisplayString(full)),
    };
}
