using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.CodeFixes;

/// <summary>CDCF014: says that an output is meant to go nowhere. CDCF020: makes the property that looks like it the key.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AddAttributeFix : CodeFixProvider
{
    private const string Key = "global::System.ComponentModel.DataAnnotations.Key";

    public override ImmutableArray<string> FixableDiagnosticIds => ["CDCF014", "CDCF020"];

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        await SyntaxFix.RegisterAsync<TypeDeclarationSyntax>(context, "Add [Key]", (type, diagnostic) => diagnostic.Id == "CDCF020" ? AddKey(type) : null).ConfigureAwait(false);
        await SyntaxFix.RegisterAsync<MemberDeclarationSyntax>(context, "Add [Discard]", (member, diagnostic) => diagnostic.Id == "CDCF014" ? AddDiscard(member) : null).ConfigureAwait(false);
    }

    private static MemberDeclarationSyntax AddDiscard(MemberDeclarationSyntax member)
    {
        var first = member.AttributeLists[0];
        return member.ReplaceNode(first, first.AddAttributes(SyntaxFactory.Attribute(SyntaxFactory.ParseName("Discard"))).WithTrailingTrivia(first.GetTrailingTrivia()));
    }

    private static TypeDeclarationSyntax? AddKey(TypeDeclarationSyntax type)
    {
        string[] names = ["Id", type.Identifier.ValueText + "Id"];
        if (type.ParameterList?.Parameters.FirstOrDefault(parameter => names.Contains(parameter.Identifier.ValueText)) is { } parameter)
        {
            var target = SyntaxFactory.AttributeTargetSpecifier(SyntaxFactory.Token(SyntaxKind.PropertyKeyword)).NormalizeWhitespace().WithTrailingTrivia(SyntaxFactory.Space);
            return type.ReplaceNode(parameter, parameter.WithoutLeadingTrivia().AddAttributeLists(List(target)).WithLeadingTrivia(parameter.GetLeadingTrivia()));
        }

        var property = type.Members.OfType<PropertyDeclarationSyntax>().FirstOrDefault(each => names.Contains(each.Identifier.ValueText));
        return property is null
            ? null
            : type.ReplaceNode(property, property.WithoutLeadingTrivia().AddAttributeLists(List(null)).WithLeadingTrivia(property.GetLeadingTrivia()));
    }

    private static AttributeListSyntax List(AttributeTargetSpecifierSyntax? target)
    {
        var key = SyntaxFactory.Attribute(SyntaxFactory.ParseName(Key)).WithAdditionalAnnotations(Microsoft.CodeAnalysis.Simplification.Simplifier.Annotation);
        return SyntaxFactory.AttributeList(target, [key]).WithTrailingTrivia(SyntaxFactory.Space);
    }
}
