using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.Generators.Declarations;

/// <summary>Row types that are nothing but their columns: making one runs no code that could look at a column which was not read.</summary>
internal static class PlainRow
{
    /// <summary>Whether the row type is one. Of a type in another assembly nobody knows.</summary>
    public static bool Is(RowType row) =>
        row.Type.BaseType is { SpecialType: SpecialType.System_Object }
        && row.Type.DeclaringSyntaxReferences.Length > 0
        && row.Constructor is { } constructor
        && (constructor.IsImplicitlyDeclared || constructor.DeclaringSyntaxReferences.All(part => part.GetSyntax() is TypeDeclarationSyntax))
        && row.Type.DeclaringSyntaxReferences.All(part => part.GetSyntax() is TypeDeclarationSyntax type && type.Members.All(member => IsPlain(member, constructor)))
        && row.Key.All(RowProperty.IsPlain);

    private static bool IsPlain(MemberDeclarationSyntax member, IMethodSymbol constructor) => member switch
    {
        PropertyDeclarationSyntax property =>
            !Mentions(property.Initializer, constructor)
            && property.AccessorList?.Accessors.Any(accessor => !IsGetter(accessor) && (accessor.Body is not null || accessor.ExpressionBody is not null)) != true,
        FieldDeclarationSyntax field => field.Declaration.Variables.All(variable => !Mentions(variable.Initializer, constructor)),
        _ => true,
    };

    private static bool IsGetter(AccessorDeclarationSyntax accessor) => accessor.Keyword.ValueText == "get";

    private static bool Mentions(EqualsValueClauseSyntax? initializer, IMethodSymbol constructor) =>
        initializer?.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => constructor.Parameters.Any(parameter => parameter.Name == name.Identifier.ValueText)) == true;
}
