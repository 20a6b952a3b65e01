using CdcFlow.Generators.Declarations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.Generators.Building;

/// <summary>Which columns of its row a method may use.</summary>
/// <remarks>Errs on the side of all: only a row that is touched by nothing but <c>row.Column</c> is known.</remarks>
internal static class UsedColumns
{
    /// <summary>C# names of the properties in order of use; empty when the method may use any.</summary>
    public static IReadOnlyList<string> Of(IMethodSymbol method, ITypeSymbol row, Compilation compilation)
    {
        var columns = RowType.Columns(row).Select(property => property.Name).ToList();
        var used = new List<string>();
        foreach (var reference in method.DeclaringSyntaxReferences)
        {
            var body = reference.GetSyntax();
            var model = compilation.GetSemanticModel(body.SyntaxTree);
            foreach (var name in body.DescendantNodes().OfType<IdentifierNameSyntax>())
            {
                if (name.Identifier.ValueText != method.Parameters[0].Name || !model.GetSymbolInfo(name).Symbol.IsSame(method.Parameters[0]))
                {
                    continue;
                }

                if (name.Parent is not MemberAccessExpressionSyntax access || access.Expression != name || !columns.Contains(access.Name.Identifier.ValueText))
                {
                    return [];
                }

                used.Add(access.Name.Identifier.ValueText);
            }
        }

        return used.Distinct().ToList();
    }
}
