using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.CodeFixes.Fixes;

/// <summary>Makes a column's property take null.</summary>
internal static class NullableTypes
{
    public static ParameterSyntax Fix(ParameterSyntax parameter) => parameter.WithType(Nullable(parameter.Type!));

    public static PropertyDeclarationSyntax Fix(PropertyDeclarationSyntax property) => property.WithType(Nullable(property.Type));

    private static NullableTypeSyntax Nullable(TypeSyntax type) =>
        SyntaxFactory.NullableType(type.WithoutTrailingTrivia()).WithTrailingTrivia(type.GetTrailingTrivia());
}
