using System.Text;
using CdcFlow.Generators.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace CdcFlow.CodeFixes.Fixes;

/// <summary>Sets the property of an attribute that the message asks for.</summary>
internal static class AttributeArguments
{
    public static AttributeSyntax? SetFrom(AttributeSyntax attribute, Diagnostic diagnostic) =>
        Suggestion(diagnostic) is { } node ? With(attribute, "From", $"nameof({node})") : null;

    public static AttributeSyntax SetName(AttributeSyntax attribute) => With(attribute, "Name", SymbolDisplay.FormatLiteral(SinkName(attribute), quote: true));

    public static AttributeSyntax SetOrdering(AttributeSyntax attribute) => With(attribute, "Ordering", "Ordering.PerKey");

    /// <summary>Sets what the diagnostic suggests, as <c>Property = value</c>.</summary>
    public static AttributeSyntax? SetSuggested(AttributeSyntax attribute, Diagnostic diagnostic) =>
        Suggestion(diagnostic)?.Split([" = "], 2, StringSplitOptions.None) is { Length: 2 } parts ? With(attribute, parts[0], parts[1]) : null;

    /// <remarks>The diagnostic stands on the method, not on its attribute.</remarks>
    public static MethodDeclarationSyntax? SetDeleteKey(MethodDeclarationSyntax method, Diagnostic diagnostic)
    {
        var attribute = method.AttributeLists.SelectMany(list => list.Attributes).FirstOrDefault(each => each.Name.ToString() is "Transform" or "TransformAttribute");
        return attribute is not null && Suggestion(diagnostic) is { } key
            ? method.ReplaceNode(attribute, With(attribute, "DeleteKey", SymbolDisplay.FormatLiteral(key, quote: true)))
            : null;
    }

    private static string? Suggestion(Diagnostic diagnostic) => diagnostic.Properties.TryGetValue(Report.Suggestion, out var suggestion) ? suggestion : null;

    /// <summary>The member's name as a sink's: <c>IsLarge</c> as <c>is-large</c>.</summary>
    private static string SinkName(AttributeSyntax attribute)
    {
        var member = attribute.FirstAncestorOrSelf<MemberDeclarationSyntax>() switch
        {
            MethodDeclarationSyntax method => method.Identifier.ValueText,
            PropertyDeclarationSyntax property => property.Identifier.ValueText,
            _ => "sink",
        };
        var name = new StringBuilder();
        foreach (var letter in member)
        {
            name.Append(char.IsUpper(letter) && name.Length > 0 ? "-" : "").Append(char.ToLowerInvariant(letter));
        }

        return name.ToString();
    }

    private static AttributeSyntax With(AttributeSyntax attribute, string property, string value)
    {
        var argument = SyntaxFactory.AttributeArgument(SyntaxFactory.NameEquals(property), null, SyntaxFactory.ParseExpression(value).WithAdditionalAnnotations(Simplifier.Annotation)).NormalizeWhitespace();
        var list = attribute.ArgumentList ?? SyntaxFactory.AttributeArgumentList();
        var others = list.Arguments.Where(other => other.NameEquals?.Name.Identifier.ValueText != property);
        return attribute.WithArgumentList(list.WithArguments(SyntaxFactory.SeparatedList(
            others.Append(argument), Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), others.Count()))));
    }
}
