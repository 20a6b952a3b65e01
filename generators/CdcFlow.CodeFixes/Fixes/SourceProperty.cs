using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.CodeFixes.Fixes;

/// <summary>Fixes the property of a source.</summary>
internal static class SourceProperty
{
    /// <summary>An instance partial property with a getter only.</summary>
    public static PropertyDeclarationSyntax? Fix(PropertyDeclarationSyntax property)
    {
        // The row type is the user's to say.
        if (property.Type is not GenericNameSyntax { Identifier.ValueText: "Changes" })
        {
            return null;
        }

        var kept = property.Modifiers.Where(modifier => !modifier.IsKind(SyntaxKind.StaticKeyword) && !modifier.IsKind(SyntaxKind.PartialKeyword));
        var getter = SyntaxFactory.AccessorDeclaration(SyntaxKind.GetAccessorDeclaration)
            .WithSemicolonToken(SyntaxFactory.Token(SyntaxKind.SemicolonToken).WithTrailingTrivia(SyntaxFactory.Space))
            .WithLeadingTrivia(SyntaxFactory.Space);
        return property
            .WithModifiers([.. kept, SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space)])
            .WithIdentifier(property.Identifier.WithTrailingTrivia(SyntaxFactory.Space))
            .WithExpressionBody(null).WithInitializer(null).WithSemicolonToken(default)
            .WithAccessorList(SyntaxFactory.AccessorList([getter]))
            .WithTrailingTrivia(property.GetTrailingTrivia());
    }
}
