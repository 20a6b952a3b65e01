using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace CdcFlow.CodeFixes;

/// <summary>Registers fixes that replace one node of the file that the diagnostic is in.</summary>
internal static class SyntaxFix
{
    /// <summary>Offers a fix for every diagnostic that stands on, or in, a <typeparamref name="TNode"/>.</summary>
    /// <param name="context">What the editor asks about.</param>
    /// <param name="title">What the fix is called.</param>
    /// <param name="replace">Gives the new node; null where there is nothing to offer.</param>
    public static async Task RegisterAsync<TNode>(CodeFixContext context, string title, Func<TNode, Diagnostic, TNode?> replace)
        where TNode : SyntaxNode
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root)
        {
            return;
        }

        foreach (var diagnostic in context.Diagnostics)
        {
            if (root.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<TNode>() is { } node && replace(node, diagnostic) is { } mended)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(node, mended))), diagnostic.Id), diagnostic);
            }
        }
    }
}
