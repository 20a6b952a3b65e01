using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace CdcFlow.CodeFixes;

/// <summary>A fix that replaces one node of the file that the diagnostic is in.</summary>
/// <param name="title">What the editor calls it.</param>
/// <param name="fix">Finds the node in the place of the diagnostic and gives its replacement; null where there is nothing to offer.</param>
internal sealed class SyntaxFix(string title, Func<SyntaxNode, Diagnostic, (SyntaxNode Old, SyntaxNode New)?> fix)
{
    /// <summary>A fix of the innermost <typeparamref name="TNode"/> that the diagnostic stands on, or in.</summary>
    public static SyntaxFix Of<TNode>(string title, Func<TNode, Diagnostic, TNode?> fix)
        where TNode : SyntaxNode =>
        new(title, (place, diagnostic) => place.FirstAncestorOrSelf<TNode>() is { } node && fix(node, diagnostic) is { } fixedNode ? (node, fixedNode) : null);

    /// <inheritdoc cref="Of{TNode}(string, Func{TNode, Diagnostic, TNode})"/>
    public static SyntaxFix Of<TNode>(string title, Func<TNode, TNode?> fix)
        where TNode : SyntaxNode => Of<TNode>(title, (node, _) => fix(node));

    /// <summary>Offers the fix where it has something to offer.</summary>
    public void Register(CodeFixContext context, SyntaxNode root, Diagnostic diagnostic)
    {
        if (fix(root.FindNode(diagnostic.Location.SourceSpan), diagnostic) is var (old, fixedNode))
        {
            context.RegisterCodeFix(
                CodeAction.Create(title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(old, fixedNode))), diagnostic.Id), diagnostic);
        }
    }
}
