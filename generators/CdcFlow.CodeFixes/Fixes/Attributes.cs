using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace CdcFlow.CodeFixes.Fixes;

/// <summary>Adds attributes to members and properties.</summary>
internal static class Attributes
{
    private const string Key = "global::System.ComponentModel.DataAnnotations.Key";

    /// <summary>Says that the output is meant to go nowhere.</summary>
    public static MemberDeclarationSyntax AddDiscard(MemberDeclarationSyntax member)
    {
        var first = member.AttributeLists[0];
        return member.ReplaceNode(first, first.AddAttributes(SyntaxFactory.Attribute(SyntaxFactory.ParseName("Discard"))).WithTrailingTrivia(first.GetTrailingTrivia()));
    }

    /// <summary>Makes the property that looks like it the key.</summary>
    public static TypeDeclarationSyntax? AddKey(TypeDeclarationSyntax type)
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
        var key = SyntaxFactory.Attribute(SyntaxFactory.ParseName(Key)).WithAdditionalAnnotations(Simplifier.Annotation);
        return SyntaxFactory.AttributeList(target, [key]).WithTrailingTrivia(SyntaxFactory.Space);
    }
}
