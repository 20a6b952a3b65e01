using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace CdcFlow.CodeFixes;

/// <summary>CDCF034: adds a cancellation token as the last parameter.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AddCancellationFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => ["CDCF034"];

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override Task RegisterCodeFixesAsync(CodeFixContext context) =>
        SyntaxFix.RegisterAsync<MethodDeclarationSyntax>(context, "Add a CancellationToken", (method, _) => AddParameter(method));

    private static MethodDeclarationSyntax AddParameter(MethodDeclarationSyntax method)
    {
        var type = SyntaxFactory.ParseTypeName("global::System.Threading.CancellationToken")
            .WithAdditionalAnnotations(Simplifier.Annotation).WithTrailingTrivia(SyntaxFactory.Space);
        var token = SyntaxFactory.Parameter(SyntaxFactory.Identifier("cancellationToken")).WithType(type);
        var parameters = method.ParameterList.Parameters.Add(token);
        var commas = Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), parameters.Count - 1);
        return method.WithParameterList(method.ParameterList.WithParameters(SyntaxFactory.SeparatedList(parameters, commas)));
    }
}
