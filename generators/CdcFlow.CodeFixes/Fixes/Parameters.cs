using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace CdcFlow.CodeFixes.Fixes;

/// <summary>Fixes what a method takes.</summary>
internal static class Parameters
{
    /// <summary>Adds a cancellation token as the last parameter.</summary>
    public static MethodDeclarationSyntax AddCancellation(MethodDeclarationSyntax method)
    {
        var type = SyntaxFactory.ParseTypeName("global::System.Threading.CancellationToken")
            .WithAdditionalAnnotations(Simplifier.Annotation).WithTrailingTrivia(SyntaxFactory.Space);
        var token = SyntaxFactory.Parameter(SyntaxFactory.Identifier("cancellationToken")).WithType(type);
        var parameters = method.ParameterList.Parameters.Add(token);
        var commas = Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), parameters.Count - 1);
        return method.WithParameterList(method.ParameterList.WithParameters(SyntaxFactory.SeparatedList(parameters, commas)));
    }
}
