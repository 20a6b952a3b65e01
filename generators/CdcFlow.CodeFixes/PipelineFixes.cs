using System.Collections.Immutable;
using System.Composition;
using CdcFlow.CodeFixes.Fixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.CodeFixes;

/// <summary>What the editor offers for each diagnostic that one edit can fix.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class PipelineFixes : CodeFixProvider
{
    private static readonly ImmutableDictionary<string, SyntaxFix[]> fixes = new Dictionary<string, SyntaxFix[]>
    {
        ["CDCF001"] = [SyntaxFix.Of<TypeDeclarationSyntax>("Make partial", Modifiers.AddPartial)],
        ["CDCF003"] = [SyntaxFix.Of<PropertyDeclarationSyntax>("Make it a partial get-only property", SourceProperty.Fix)],
        ["CDCF010"] = [SyntaxFix.Of<AttributeSyntax>("Set From", AttributeArguments.SetFrom)],
        ["CDCF014"] = [SyntaxFix.Of<MemberDeclarationSyntax>("Add [Discard]", Attributes.AddDiscard)],
        ["CDCF016"] = [SyntaxFix.Of<AttributeSyntax>("Set Name", AttributeArguments.SetName)],
        ["CDCF020"] = [SyntaxFix.Of<TypeDeclarationSyntax>("Add [Key]", Attributes.AddKey)],
        ["CDCF022"] = [SyntaxFix.Of<ParameterSyntax>("Make nullable", NullableTypes.Fix), SyntaxFix.Of<PropertyDeclarationSyntax>("Make nullable", NullableTypes.Fix)],
        ["CDCF024"] = [SyntaxFix.Of<MethodDeclarationSyntax>("Set DeleteKey", AttributeArguments.SetDeleteKey)],
        ["CDCF032"] = [SyntaxFix.Of<AttributeSyntax>("Set Ordering", AttributeArguments.SetOrdering)],
        ["CDCF034"] = [SyntaxFix.Of<MethodDeclarationSyntax>("Add a CancellationToken", Parameters.AddCancellation)],
        ["CDCF046"] = [SyntaxFix.Of<AttributeSyntax>("Set the mode that needs no key", AttributeArguments.SetSuggested)],
        ["CDCF081"] = [SyntaxFix.Of<ParameterSyntax>("Name the column", Columns.SetName), SyntaxFix.Of<PropertyDeclarationSyntax>("Name the column", Columns.SetName)],
        ["CDCF082"] = [SyntaxFix.Of<ParameterSyntax>("Change the type", Columns.SetType), SyntaxFix.Of<PropertyDeclarationSyntax>("Change the type", Columns.SetType)],
        ["CDCF083"] = [SyntaxFix.Of<ParameterSyntax>("Make nullable", NullableTypes.Fix), SyntaxFix.Of<PropertyDeclarationSyntax>("Make nullable", NullableTypes.Fix)],
        ["CDCF085"] = [SyntaxFix.Of<AttributeSyntax>("Set Table", AttributeArguments.SetSuggested)],
        ["CDCF089"] = [SyntaxFix.Of<ParameterSyntax>("Change the type", Columns.SetType), SyntaxFix.Of<PropertyDeclarationSyntax>("Change the type", Columns.SetType)],
    }.ToImmutableDictionary();

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [.. fixes.Keys];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root)
        {
            return;
        }

        foreach (var diagnostic in context.Diagnostics)
        {
            foreach (var fix in fixes[diagnostic.Id])
            {
                fix.Register(context, root, diagnostic);
            }
        }
    }
}
