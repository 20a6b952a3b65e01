using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Declarations;

/// <summary>What a node's method returns, without its task and its rows.</summary>
internal enum ResultShape
{
    Bool,
    Enum,
    Row,
    Rows,
}

/// <summary>What a node's method takes and returns.</summary>
/// <param name="In">The row type that it takes.</param>
/// <param name="TakesChange">Whether it takes <c>Change&lt;T&gt;</c>.</param>
/// <param name="TakesMetadata">Whether it takes the metadata.</param>
/// <param name="TakesCancellation">Whether it takes a cancellation token.</param>
/// <param name="Result">What it returns.</param>
/// <param name="Out">The row type that the node gives.</param>
/// <param name="ReturnsChange">Whether rows come as <c>Change&lt;U&gt;</c>.</param>
/// <param name="ResultTakesNull">Whether null drops.</param>
/// <param name="IsAsync">Whether it returns a task or an asynchronous stream.</param>
/// <param name="IsStream">Whether it returns an asynchronous stream.</param>
/// <param name="Branch">The enum of a route.</param>
internal sealed record MethodShape(
    ITypeSymbol In, bool TakesChange, bool TakesMetadata, bool TakesCancellation,
    ResultShape Result, ITypeSymbol Out, bool ReturnsChange, bool ResultTakesNull, bool IsAsync, bool IsStream, INamedTypeSymbol? Branch)
{
    public static MethodShape? Of(IMethodSymbol method, AttributeData attribute)
    {
        if (method.Parameters.Length == 0 || method.IsGenericMethod || method.ReturnsVoid || method.Parameters.Any(parameter => parameter.RefKind is not RefKind.None and not RefKind.In))
        {
            return null;
        }

        var takesChange = method.Parameters[0].Type.Is(KnownNames.Change);
        var input = takesChange ? Argument(method.Parameters[0].Type) : method.Parameters[0].Type.WithoutNull();
        var rest = method.Parameters.Skip(1).Select(parameter => parameter.Type).ToList();
        var takesMetadata = Take(rest, KnownNames.ChangeMetadata);
        var takesCancellation = Take(rest, "System.Threading.CancellationToken");
        if (rest.Count > 0 || input.SpecialType != SpecialType.None || input is not INamedTypeSymbol)
        {
            return null;
        }

        var isStream = method.ReturnType.Is("System.Collections.Generic.IAsyncEnumerable`1");
        var isTask = method.ReturnType.Is("System.Threading.Tasks.ValueTask`1") || method.ReturnType.Is("System.Threading.Tasks.Task`1");
        var returned = isTask || isStream ? Argument(method.ReturnType) : method.ReturnType;
        var shape = new MethodShape(
            input, takesChange, takesMetadata, takesCancellation, ResultShape.Row, input, false, false, isTask || isStream, isStream, null);
        return attribute.AttributeClass switch
        {
            var filter when filter.Is(KnownNames.Filter) => shape.Filtering(returned),
            var route when route.Is(KnownNames.Route) => shape.Routing(returned),
            _ => shape.Transforming(returned),
        };
    }

    private MethodShape? Filtering(ITypeSymbol returned) =>
        returned.SpecialType == SpecialType.System_Boolean && !IsStream ? this with { Result = ResultShape.Bool } : null;

    private MethodShape? Routing(ITypeSymbol returned) =>
        returned.WithoutNull() is INamedTypeSymbol { TypeKind: TypeKind.Enum } branch && !IsStream
            ? this with { Result = ResultShape.Enum, Branch = branch, ResultTakesNull = returned.TakesNull() }
            : null;

    private MethodShape? Transforming(ITypeSymbol returned)
    {
        if (IsStream)
        {
            return Giving(ResultShape.Rows, returned);
        }

        return Element(returned) is { } element ? Giving(ResultShape.Rows, element) : Giving(ResultShape.Row, returned);
    }

    private MethodShape? Giving(ResultShape result, ITypeSymbol item)
    {
        var isChange = item.WithoutNull().Is(KnownNames.Change);
        var row = isChange ? Argument(item.WithoutNull()) : item.WithoutNull();

        // Only a method that sees the whole change can say what a change of its own is.
        return row is INamedTypeSymbol { ContainingNamespace: var home, SpecialType: SpecialType.None, TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface } && (TakesChange || !isChange) && home.ToDisplayString() != "System.Threading.Tasks"
            ? this with { Result = result, Out = row, ReturnsChange = isChange, ResultTakesNull = item.TakesNull() && (isChange || item.NullableAnnotation == NullableAnnotation.Annotated) }
            : null;
    }

    /// <summary>The row type of a list of rows; null when the type is no list.</summary>
    private static ITypeSymbol? Element(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1 } array => array.ElementType,
        INamedTypeSymbol named when named.Is(Enumerable) => named.TypeArguments[0],
        INamedTypeSymbol named when named.ContainingNamespace.ToDisplayString().StartsWith("System.Collections", StringComparison.Ordinal) =>
            named.AllInterfaces.FirstOrDefault(contract => contract.Is(Enumerable))?.TypeArguments[0],
        _ => null,
    };

    private const string Enumerable = "System.Collections.Generic.IEnumerable`1";

    private static ITypeSymbol Argument(ITypeSymbol type) => ((INamedTypeSymbol)type).TypeArguments[0];

    private static bool Take(List<ITypeSymbol> parameters, string metadataName)
    {
        if (parameters.Count == 0 || !parameters[0].Is(metadataName))
        {
            return false;
        }

        parameters.RemoveAt(0);
        return true;
    }
}
