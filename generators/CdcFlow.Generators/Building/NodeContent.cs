using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CdcFlow.Generators.Declarations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CdcFlow.Generators.Building;

/// <summary>A hash of what a method makes of its rows, so that a start notices when that has changed.</summary>
/// <remarks>
/// Of the method's tokens, so that layout, comments, its name and who may call it do not matter, nor line ends, on whatever machine it is compiled. Constants are
/// part of it by their values. What the method calls is not seen: <c>Version</c> stands for that. Nor is what takes its rows: a sink more or less changes no other.
/// </remarks>
internal static class NodeContent
{
    /// <summary>Goes up with whatever changes the hashes of methods that are as they were; a start does not compare those of different schemes.</summary>
    private const string Scheme = "2-";

    private const int HashBytes = 8;

    /// <summary>The hash, as the scheme and 16 hexadecimal digits.</summary>
    public static string Of(MethodDeclaration method, PipelineDeclaration pipeline)
    {
        var text = new StringBuilder();
        Add(text, method.Attribute.Named("Version")?.Value as string ?? "");
        Add(text, method.Retracts ? "" : "keeps");
        Add(text, method.Attribute.Named("DeleteKey")?.Value as string ?? "");
        if (method.Method.Syntax() is { } syntax)
        {
            AddMethod(text, syntax, pipeline.Compilation.GetSemanticModel(syntax.SyntaxTree));
        }

        if (!pipeline.Reads(method.Row!))
        {
            AddColumns(text, pipeline.Row(method.Row!));
        }

        return Scheme + Hash(text.ToString());
    }

    private static void AddMethod(StringBuilder text, MethodDeclarationSyntax method, SemanticModel model)
    {
        SyntaxNode?[] parts = [method.ReturnType, method.ParameterList, method.Body, method.ExpressionBody];
        foreach (var part in parts.OfType<SyntaxNode>())
        {
            foreach (var token in part.DescendantTokens(node => node is not AttributeListSyntax))
            {
                Add(text, token.Text);
            }

            foreach (var elsewhere in Constants(part, model).Concat(Positions(part, model)))
            {
                Add(text, elsewhere);
            }
        }
    }

    /// <summary>Constants that stand elsewhere, in the order of their use. Members of enums speak for themselves.</summary>
    private static IEnumerable<string> Constants(SyntaxNode part, SemanticModel model) => part.DescendantNodes().OfType<IdentifierNameSyntax>()
        .Select(name => model.GetSymbolInfo(name).Symbol)
        .OfType<IFieldSymbol>()
        .Where(field => field is { HasConstantValue: true, ContainingType.TypeKind: not TypeKind.Enum })
        .Select(field => $"{field.Name} = {ConstantText.Of(field.ConstantValue)}");

    /// <summary>What arguments and patterns without names stand for: parameters that change places say so nowhere else.</summary>
    private static IEnumerable<string> Positions(SyntaxNode part, SemanticModel model) => part.DescendantNodesAndSelf()
        .Select(node => node switch
        {
            BaseObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } creation => model.GetSymbolInfo(creation).Symbol as IMethodSymbol,
            AssignmentExpressionSyntax { Left: TupleExpressionSyntax or DeclarationExpressionSyntax } assignment => model.GetDeconstructionInfo(assignment).Method,
            RecursivePatternSyntax { PositionalPatternClause: not null } pattern => (model.GetOperation(pattern) as IRecursivePatternOperation)?.DeconstructSymbol as IMethodSymbol,
            _ => null,
        })
        .OfType<IMethodSymbol>()
        .Select(method => $"({string.Join(", ", method.Parameters.Select(parameter => parameter.Name))})");

    /// <summary>Rows that no source gives may have no columns at run time: this is all that tells of them.</summary>
    private static void AddColumns(StringBuilder text, RowType row)
    {
        foreach (var column in row.Columns.OrderBy(column => column.Name, StringComparer.Ordinal))
        {
            Add(text, $"{column.Name} {column.Type.WithoutNull().ShortName()}");
        }
    }

    private static void Add(StringBuilder text, string part) => text.Append(part.Replace("\r\n", "\n")).Append('\0');

    private static string Hash(string text)
    {
        using var algorithm = SHA256.Create();
        var hash = algorithm.ComputeHash(Encoding.UTF8.GetBytes(text));
        return string.Concat(hash.Take(HashBytes).Select(octet => octet.ToString("x2", CultureInfo.InvariantCulture)));
    }
}
