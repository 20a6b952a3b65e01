using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Declarations;

/// <summary>A row type as one pipeline uses it: what its properties and constructors mean.</summary>
/// <param name="type">The type.</param>
/// <param name="isSource">Whether a source gives its rows: then it may be an entity of an object-relational mapper, whose conventions hold.
/// What a transform returns is what its author wrote, and nothing is guessed.</param>
internal sealed class RowType(ITypeSymbol type, bool isSource)
{
    private IReadOnlyList<IPropertySymbol>? columns;
    private List<IPropertySymbol>? key;

    public ITypeSymbol Type { get; } = type;

    /// <summary>The constructor that makes a row: the longest one that properties can feed, one that generated code may call before others; null when there is none.</summary>
    public IMethodSymbol? Constructor { get; } = FindConstructor(type, isSource);

    /// <summary>Whether generated code may call the constructor as anybody does.</summary>
    public bool IsConstructorAccessible => Constructor is not null && IsAccessible(Constructor);

    /// <summary>Properties that are columns: those that the constructor or a setter of any accessibility can set, without <c>[NotMapped]</c>.</summary>
    public IReadOnlyList<IPropertySymbol> Columns => columns ??=
        [.. Mapped().Where(property => (property.SetMethod is not null || IsArgument(property)) && !IsNavigation(property) && !IsSystemVersion(property))];

    /// <summary>Properties that lead to other entities, and are no columns.</summary>
    public IEnumerable<IPropertySymbol> Navigations => Mapped().Where(IsNavigation);

    /// <summary>Properties that the server keeps in a system column, and are no columns.</summary>
    public IEnumerable<IPropertySymbol> SystemVersions => Mapped().Where(IsSystemVersion);

    /// <summary>Properties that hold a value which nothing could set, and which is made of nothing else.</summary>
    public IEnumerable<IPropertySymbol> Unset => Mapped().Where(property =>
        property.SetMethod is null && !IsArgument(property) && !IsNavigation(property) && !property.IsAbstract
        && RowProperty.IsPlain(property) && !RowProperty.IsDerived(property));

    /// <summary>The columns that identify a row: by <c>[Key]</c>, by <c>[PrimaryKey]</c>, or by the name of an entity's property.</summary>
    public IReadOnlyList<IPropertySymbol> Key => key ??= FindKey();

    public bool IsKey(IPropertySymbol property) => Key.Any(part => part.IsSame(property));

    /// <summary>Whether generated code, which stands beside the type or in a project that uses it, may call the member.</summary>
    public static bool IsAccessible(ISymbol member) => member.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal;

    private IEnumerable<IPropertySymbol> Mapped() => RowProperty.Of(Type).Where(property => RowProperty.Attribute(property, KnownNames.NotMapped) is null);

    private bool IsArgument(IPropertySymbol property) => Constructor?.Parameters.Any(parameter => RowProperty.Sets(parameter, property)) == true;

    private bool IsNavigation(IPropertySymbol property) => isSource && IsNavigationOfEntity(property);

    private bool IsSystemVersion(IPropertySymbol property) => isSource && !IsArgument(property) && Entity.IsSystemVersion(property);

    private static bool IsNavigationOfEntity(IPropertySymbol property) =>
        RowProperty.Converter(property) is null
        && (property.Attribute(KnownNames.InverseProperty) is not null || Entity.IsForeign(property) || Entity.IsLeadingTo(property.Type));

    private List<IPropertySymbol> FindKey()
    {
        List<IPropertySymbol> stated = [.. Columns.Where(property => RowProperty.Attribute(property, KnownNames.Key) is not null)];
        if (stated.Count > 0)
        {
            return stated;
        }

        var names = Entity.PrimaryKey(Type) ?? (isSource && !Entity.IsKeyless(Type) ? Entity.ConventionalKey(Type, Columns) : []);
        return [.. names.Select(name => Columns.FirstOrDefault(property => property.Name == name)).OfType<IPropertySymbol>()];
    }

    private static IMethodSymbol? FindConstructor(ITypeSymbol type, bool isSource)
    {
        if (type is not INamedTypeSymbol { IsAbstract: false, TypeKind: TypeKind.Class } named)
        {
            return null;
        }

        var properties = RowProperty.Of(type).Where(property => !isSource || !IsNavigationOfEntity(property)).ToList();
        return named.InstanceConstructors
            .Where(constructor => constructor.Parameters.All(parameter => properties.Any(property => RowProperty.Sets(parameter, property))))
            .OrderByDescending(IsAccessible).ThenByDescending(constructor => constructor.Parameters.Length)
            .FirstOrDefault();
    }
}
