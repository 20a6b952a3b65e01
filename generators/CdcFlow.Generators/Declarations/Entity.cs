using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Declarations;

/// <summary>The conventions of Entity Framework Core by which a class is a table's row and some properties lead to other rows.</summary>
/// <remarks>Its attributes are known by name, so that row types need no reference to it.</remarks>
internal static class Entity
{
    /// <summary>The properties that <c>[PrimaryKey]</c> names, in order; null without one.</summary>
    public static IReadOnlyList<string>? PrimaryKey(ITypeSymbol type) =>
        type.Attribute(KnownNames.PrimaryKey)?.ConstructorArguments.SelectMany(Texts).ToList() is { Count: > 0 } names ? names : null;

    /// <summary>Whether the class says that its rows have no key.</summary>
    public static bool IsKeyless(ITypeSymbol type) => type.Attribute(KnownNames.Keyless) is not null;

    /// <summary>The property called <c>Id</c>, else the one called after the type, as in <c>OrderId</c>; letter case does not count.</summary>
    public static IReadOnlyList<string> ConventionalKey(ITypeSymbol type, IEnumerable<IPropertySymbol> columns) =>
        new[] { "Id", type.Name + "Id" }
            .Select(name => columns.FirstOrDefault(property => string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase))?.Name)
            .Where(name => name is not null).Take(1).ToList()!;

    /// <summary>Whether a property of the type leads to another entity, or to several.</summary>
    public static bool IsLeadingTo(ITypeSymbol type) => Is(type) || (ElementOf(type) is { } element && Is(element));

    /// <summary>Whether <c>[ForeignKey]</c>, on the property itself or on the column that it goes by, says that it leads to another entity.</summary>
    public static bool IsForeign(IPropertySymbol property) =>
        property.Type is { TypeKind: TypeKind.Class, SpecialType: SpecialType.None }
        && (property.Attribute(KnownNames.ForeignKey) is not null
            || property.ContainingType.GetMembers().Any(other => other.Attribute(KnownNames.ForeignKey)?.FirstText() == property.Name));

    /// <summary>Whether the property is the row's version as Npgsql has it: the system column <c>xmin</c>, which is in no log.</summary>
    public static bool IsSystemVersion(IPropertySymbol property) =>
        property.Type.SpecialType == SpecialType.System_UInt32
        && (property.Attribute(KnownNames.Timestamp) is not null || RowProperty.Attribute(property, KnownNames.Column)?.FirstText() == "xmin");

    /// <summary>Whether the type is part of the row that has a property of it: its columns stand in the owner's table.</summary>
    public static bool IsOwned(ITypeSymbol type) => type.Attribute(KnownNames.Owned) is not null || type.Attribute(KnownNames.ComplexType) is not null;

    // A class with a table or a key of its own. Anything else may as well be a value that a converter is missing for.
    private static bool Is(ITypeSymbol type) =>
        type is { TypeKind: TypeKind.Class, SpecialType: SpecialType.None } && !IsOwned(type)
        && (type.Attribute(KnownNames.Table) is not null || PrimaryKey(type) is not null || RowProperty.Of(type).Any(property => IsKeyOf(property, type)));

    private static bool IsKeyOf(IPropertySymbol property, ITypeSymbol type) =>
        RowProperty.Attribute(property, KnownNames.Key) is not null || ConventionalKey(type, [property]).Count > 0;

    private static ITypeSymbol? ElementOf(ITypeSymbol type) => type is INamedTypeSymbol { TypeArguments.Length: 1 } named
        && named.OriginalDefinition.AllInterfaces.Concat([named.OriginalDefinition]).Any(contract => contract.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T
            || contract.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)
            ? named.TypeArguments[0]
            : null;

    private static IEnumerable<string> Texts(TypedConstant constant) => constant.Kind == TypedConstantKind.Array
        ? constant.Values.SelectMany(Texts)
        : constant.Value is string text ? [text] : [];
}
