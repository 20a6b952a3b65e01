using CdcFlow.Generators.Declarations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.Generators.Building;

/// <summary>Which columns of its row a method may use.</summary>
/// <remarks>Errs on the side of all: only a row that is touched by nothing but <c>row.Column</c> and <c>row is { Column: … }</c> is known, where the column's
/// property gives its own value and nothing else.</remarks>
internal static class UsedColumns
{
    /// <summary>C# names of the properties in order of use; null when the method may use any.</summary>
    public static IReadOnlyList<string>? Of(IMethodSymbol method, RowType row, Compilation compilation)
    {
        if (method.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).FirstOrDefault() is not MethodDeclarationSyntax body
            || (body.Body is null && body.ExpressionBody is null))
        {
            return null;
        }

        var columns = row.Columns.Where(RowProperty.IsPlain).Select(property => property.Name).ToList();
        var used = new List<string>();
        foreach (var name in Mentions(method.Parameters[0], body, compilation.GetSemanticModel(body.SyntaxTree)))
        {
            var touched = Touched(name);
            if (touched.Count == 0 || touched.Except(columns).Any())
            {
                return null;
            }

            used.AddRange(touched);
        }

        return used.Distinct().ToList();
    }

    private static IEnumerable<IdentifierNameSyntax> Mentions(IParameterSymbol row, MethodDeclarationSyntax body, SemanticModel model) =>
        body.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == row.Name && model.GetSymbolInfo(name).Symbol.IsSame(row));

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
