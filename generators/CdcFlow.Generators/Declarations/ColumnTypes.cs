using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Declarations;

/// <summary>Which property types are columns, and how they are read.</summary>
internal static class ColumnTypes
{
    /// <summary>The reader's method for a type; <c>Get&lt;T&gt;</c> where it has none of its own.</summary>
    public static string Getter(ITypeSymbol type) => Own(type) ?? $"Get<{(type is INamedTypeSymbol { IsGenericType: true } ? type.FullNameWithNulls() : type.FullName())}>";

    /// <summary>Whether <c>==</c> compares values of the type.</summary>
    public static bool HasOperator(ITypeSymbol type) => Own(type) is not (null or "GetBytes") || type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_String;

    /// <summary>Whether it is an array, or pairs of hstore, whose elements are references that take no null: at run time they are like those that do.</summary>
    public static bool RefusesNullInside(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1, ElementType: { IsReferenceType: true, NullableAnnotation: NullableAnnotation.NotAnnotated } } => true,
        INamedTypeSymbol { Name: "Dictionary", TypeArguments.Length: 2 } pairs =>
            pairs.TypeArguments[1] is { SpecialType: SpecialType.System_String, NullableAnnotation: NullableAnnotation.NotAnnotated },
        _ => false,
    };

    /// <summary>The elements' type of a list, by whatever interface the property has it; null for what is no list.</summary>
    public static ITypeSymbol? ListElement(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeArguments.Length: 1, Name: "List" or "IList" or "ICollection" or "IEnumerable" or "IReadOnlyList" or "IReadOnlyCollection" } list
        && list.ContainingNamespace.ToDisplayString() == "System.Collections.Generic"
            ? list.TypeArguments[0]
            : null;

    /// <summary>The elements' type of a block of numbers, as vectors have them; null for any other type.</summary>
    public static ITypeSymbol? MemoryElement(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeArguments.Length: 1 } block && block.Is("System.ReadOnlyMemory`1") && block.TypeArguments[0].SpecialType == SpecialType.System_Single
            ? block.TypeArguments[0]
            : null;

    /// <summary>Whether the type surely maps to no column of any database.</summary>
    public static bool IsImpossible(ITypeSymbol type, Compilation compilation) => type switch
    {
        _ when Own(type) is not null || type.TypeKind == TypeKind.Enum => false,
        { SpecialType: SpecialType.System_Char } => true,
        IArrayTypeSymbol array => array.Rank > 1 || IsImpossible(array.ElementType.WithoutNull(), compilation),
        _ when ListElement(type) is { } element => element.SpecialType == SpecialType.System_Byte || IsImpossible(element.WithoutNull(), compilation),
        _ when MemoryElement(type) is not null => false,
        { TypeKind: TypeKind.Error } => false,
        INamedTypeSymbol { Name: "Dictionary" } pairs when pairs.TypeArguments.All(argument => argument.SpecialType == SpecialType.System_String) => false, // hstore
        { TypeKind: not (TypeKind.Class or TypeKind.Struct) } or { SpecialType: SpecialType.System_Object } => true,
        _ => type.ContainingAssembly.IsSame(compilation.Assembly)
            || type.ContainingNamespace.ToDisplayString().StartsWith("System.Collections.", StringComparison.Ordinal)
            || type.ContainingNamespace.ToDisplayString().StartsWith("System.Threading.Tasks", StringComparison.Ordinal)
            || (type.ContainingNamespace.ToDisplayString() == "System.Text.Json.Nodes" && type.Name != "JsonNode") // the column may have JSON of another kind
            || type is INamedTypeSymbol { Name: "Memory" or "ReadOnlyMemory", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } },
    };

    private static string? Own(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte } => "GetBytes",
        { SpecialType: SpecialType.System_Boolean } => "GetBoolean",
        { SpecialType: SpecialType.System_Int16 } => "GetInt16",
        { SpecialType: SpecialType.System_Int32 } => "GetInt32",
        { SpecialType: SpecialType.System_Int64 } => "GetInt64",
        { SpecialType: SpecialType.System_Single } => "GetSingle",
        { SpecialType: SpecialType.System_Double } => "GetDouble",
        { SpecialType: SpecialType.System_Decimal } => "GetDecimal",
        { SpecialType: SpecialType.System_String } => "GetString",
        { SpecialType: SpecialType.System_DateTime } => "GetDateTime",
        INamedTypeSymbol { ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } named => named.Name switch
        {
            "Guid" or "DateTimeOffset" or "DateOnly" or "TimeOnly" or "TimeSpan" => "Get" + named.Name,
            _ => null,
        },
        _ => null,
    };
}
