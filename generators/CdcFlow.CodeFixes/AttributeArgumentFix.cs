using System.Collections.Immutable;
using System.Composition;
using System.Text;
using CdcFlow.Generators.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.CodeFixes;

/// <summary>CDCF010, CDCF016, CDCF024 and CDCF032: sets the property of an attribute that the message asks for.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AttributeArgumentFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => ["CDCF010", "CDCF016", "CDCF024", "CDCF032"];

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        // CDCF024 stands on the method, the others on the attribute itself.
        await SyntaxFix.RegisterAsync<MethodDeclarationSyntax>(context, "Set DeleteKey", SetDeleteKey).ConfigureAwait(false);
        await SyntaxFix.RegisterAsync<AttributeSyntax>(context, "Set the attribute's property", Set).ConfigureAwait(false);
    }

    private static AttributeSyntax? Set(AttributeSyntax attribute, Diagnostic diagnostic) => diagnostic.Id switch
    {
        "CDCF010" when Suggestion(diagnostic) is { } node => With(attribute, "From", $"nameof({node})"),
        "CDCF016" => With(attribute, "Name", SymbolDisplay.FormatLiteral(SinkName(attribute), quote: true)),
        "CDCF032" => With(attribute, "Ordering", "Ordering.PerKey"),
        _ => null,
    };

    private static MethodDeclarationSyntax? SetDeleteKey(MethodDeclarationSyntax method, Diagnostic diagnostic)
    {
        var attribute = method.AttributeLists.SelectMany(list => list.Attributes).FirstOrDefault(each => each.Name.ToString() is "Transform" or "TransformAttribute");
        return diagnostic.Id == "CDCF024" && attribute is not null && Suggestion(diagnostic) is { } key
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
        var argument = SyntaxFactory.AttributeArgument(SyntaxFactory.NameEquals(property), null, SyntaxFactory.ParseExpression(value)).NormalizeWhitespace();
        var list = attribute.ArgumentList ?? SyntaxFactory.AttributeArgumentList();
        var others = list.Arguments.Where(other => other.NameEquals?.Name.Identifier.ValueText != property);
        return attribute.WithArgumentList(list.WithArguments(SyntaxFactory.SeparatedList(
            others.Append(argument), Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), others.Count()))));
    }
}
