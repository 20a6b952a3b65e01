using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.CodeFixes;

/// <summary>CDCF003: makes a source's property an instance partial one with a getter only.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SourcePropertyFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => ["CDCF003"];

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override Task RegisterCodeFixesAsync(CodeFixContext context) =>
        SyntaxFix.RegisterAsync<PropertyDeclarationSyntax>(context, "Make it a partial get-only property", (property, _) => Mend(property));

    private static PropertyDeclarationSyntax? Mend(PropertyDeclarationSyntax property)
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
