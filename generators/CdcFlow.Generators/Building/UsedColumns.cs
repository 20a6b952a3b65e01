using CdcFlow.Generators.Declarations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.Generators.Building;

/// <summary>Which columns of its row a method may use.</summary>
/// <remarks>Errs on the side of all: only a row that is touched by nothing but <c>row.Column</c> and <c>row is { Column: … }</c> is known.</remarks>
internal static class UsedColumns
{
    /// <summary>C# names of the properties in order of use; null when the method may use any.</summary>
    public static IReadOnlyList<string>? Of(IMethodSymbol method, ITypeSymbol row, Compilation compilation)
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

                var touched = Touched(name);
                if (touched.Count == 0 || touched.Except(columns).Any())
                {
                    return null;
                }

                used.AddRange(touched);
            }
        }

        return used.Distinct().ToList();
    }

    /// <summary>The members that an expression with the row in it touches; none when it may touch any.</summary>
    private static List<string> Touched(IdentifierNameSyntax row) => row.Parent switch
    {
        MemberAccessExpressionSyntax access when access.Expression == row => [access.Name.Identifier.ValueText],
        IsPatternExpressionSyntax { Pattern: RecursivePatternSyntax { Type: null, Designation: null, PositionalPatternClause: null, PropertyPatternClause: { } clause } } =>
            clause.Subpatterns.Select(Member).ToList(),
        _ => [],
    };

    private static string Member(SubpatternSyntax pattern)
    {
        ExpressionSyntax? at = pattern.ExpressionColon?.Expression;
        while (at is MemberAccessExpressionSyntax deeper)
        {
            at = deeper.Expression;
        }

        return (at as IdentifierNameSyntax)?.Identifier.ValueText ?? "";
    }
}
