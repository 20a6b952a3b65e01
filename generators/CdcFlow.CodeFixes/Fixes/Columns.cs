using CdcFlow.Generators.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace CdcFlow.CodeFixes.Fixes;

/// <summary>Makes a property what its column is, as the diagnostic proposes.</summary>
internal static class Columns
{
    private const string Column = "global::System.ComponentModel.DataAnnotations.Schema.Column";

    public static ParameterSyntax? SetType(ParameterSyntax parameter, Diagnostic diagnostic) =>
        Type(diagnostic, parameter.Type) is { } type ? parameter.WithType(type) : null;

    public static PropertyDeclarationSyntax? SetType(PropertyDeclarationSyntax property, Diagnostic diagnostic) =>
        Type(diagnostic, property.Type) is { } type ? property.WithType(type) : null;

    public static ParameterSyntax? SetName(ParameterSyntax parameter, Diagnostic diagnostic)
    {
        var target = SyntaxFactory.AttributeTargetSpecifier(SyntaxFactory.Token(SyntaxKind.PropertyKeyword)).NormalizeWhitespace().WithTrailingTrivia(SyntaxFactory.Space);
        return Proposed(diagnostic) is not { } name ? null
            : Renamed(parameter, parameter.AttributeLists, name)
            ?? parameter.WithoutLeadingTrivia().AddAttributeLists(List(target, name)).WithLeadingTrivia(parameter.GetLeadingTrivia());
    }

    public static PropertyDeclarationSyntax? SetName(PropertyDeclarationSyntax property, Diagnostic diagnostic) => Proposed(diagnostic) is not { } name ? null
        : Renamed(property, property.AttributeLists, name)
        ?? property.WithoutLeadingTrivia().AddAttributeLists(List(null, name)).WithLeadingTrivia(property.GetLeadingTrivia());

    /// <summary>With the name that its <c>[Column]</c> gives replaced; null where it has none.</summary>
    private static T? Renamed<T>(T node, SyntaxList<AttributeListSyntax> lists, string name)
        where T : SyntaxNode
    {
        var argument = lists.SelectMany(list => list.Attributes).FirstOrDefault(attribute => attribute.Name.ToString() is "Column" or "ColumnAttribute")
            ?.ArgumentList?.Arguments.FirstOrDefault(each => each.NameEquals is null);
        return argument is null ? null : node.ReplaceNode(argument, Argument(name));
    }

    private static AttributeListSyntax List(AttributeTargetSpecifierSyntax? target, string name)
    {
        var attribute = SyntaxFactory.Attribute(SyntaxFactory.ParseName(Column), SyntaxFactory.AttributeArgumentList([Argument(name)])).WithAdditionalAnnotations(Simplifier.Annotation);
        return SyntaxFactory.AttributeList(target, [attribute]).WithTrailingTrivia(SyntaxFactory.Space);
    }

    private static AttributeArgumentSyntax Argument(string name) =>
        SyntaxFactory.AttributeArgument(SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(name)));

    private static TypeSyntax? Type(Diagnostic diagnostic, TypeSyntax? old) => Proposed(diagnostic) is { } type && old is not null
        ? SyntaxFactory.ParseTypeName(type).WithAdditionalAnnotations(Simplifier.Annotation).WithTriviaFrom(old)
        : null;

    private static string? Proposed(Diagnostic diagnostic) => diagnostic.Properties.TryGetValue(Report.Suggestion, out var proposed) ? proposed : null;
}
