using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.CodeFixes;

/// <summary>CDCF022: makes a property nullable whose column is.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class MakeNullableFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => ["CDCF022"];

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        await SyntaxFix.RegisterAsync<ParameterSyntax>(context, "Make nullable", (parameter, _) => parameter.WithType(Nullable(parameter.Type!))).ConfigureAwait(false);
        await SyntaxFix.RegisterAsync<PropertyDeclarationSyntax>(context, "Make nullable", (property, _) => property.WithType(Nullable(property.Type))).ConfigureAwait(false);
    }

    private static NullableTypeSyntax Nullable(TypeSyntax type) =>
        SyntaxFactory.NullableType(type.WithoutTrailingTrivia()).WithTrailingTrivia(type.GetTrailingTrivia());
}
