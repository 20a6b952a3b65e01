using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Model;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Building;

/// <summary>Members of a row type that only its own class may call, as entities have them: generated code calls them by accessors.</summary>
internal static class HiddenMembers
{
    private static readonly SymbolDisplayFormat typeText = SymbolDisplayFormat.FullyQualifiedFormat.WithMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers | SymbolDisplayMiscellaneousOptions.UseSpecialTypes
        | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat constraintText = typeText.WithGenericsOptions(
        SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints);

    public static ConstructorModel Constructor(IMethodSymbol constructor) => new(
        constructor.Parameters.Select(parameter => new ConstructorParameter(parameter.Type.ToDisplayString(typeText), parameter.Name)).ToEquatableArray());

    /// <summary>The property's setter; null where an object initializer may set the property.</summary>
    public static SetterModel? Setter(IPropertySymbol property, RowType row)
    {
        // An object made by an accessor is complete, so what only an initializer could set is set by an accessor too.
        var setter = property.SetMethod!;
        if (RowType.IsAccessible(setter) && (row.IsConstructorAccessible || !setter.IsInitOnly))
        {
            return null;
        }

        var owner = property.ContainingType.OriginalDefinition;
        var parameters = Angle(owner.TypeParameters.Select(parameter => parameter.Name));
        var arguments = Angle(property.ContainingType.TypeArguments.Select(argument => argument.ToDisplayString(typeText)));
        return new SetterModel(
            owner.ToDisplayString(typeText), property.OriginalDefinition.Type.ToDisplayString(typeText), parameters, arguments, Constraints(owner));
    }

    private static string Angle(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } list ? $"<{list}>" : "";

    private static string Constraints(INamedTypeSymbol owner)
    {
        var text = owner.TypeParameters.Length == 0 ? "" : owner.ToDisplayString(constraintText);
        var where = text.IndexOf(" where ", StringComparison.Ordinal);
        return where < 0 ? "" : text.Substring(where + 1);
    }
}
