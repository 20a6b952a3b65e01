using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Rules;

/// <summary>Methods: what they take and return, and how asynchronous ones run.</summary>
internal static class SignatureRules
{
    public static void Check(PipelineDeclaration pipeline, Report report)
    {
        foreach (var method in pipeline.Methods)
        {
            if (method.Shape is null)
            {
                CheckUnsupported(method, report);
            }
            else if (method.Shape.IsAsync)
            {
                CheckAsync(method, method.Shape, pipeline, report);
            }
        }
    }

    private static void CheckUnsupported(MethodDeclaration method, Report report)
    {
        var returned = method.Method.ReturnType;
        if ((method.Method is { IsAsync: true, ReturnsVoid: true }) || returned.Is("System.Threading.Tasks.Task") || returned.Is("System.Threading.Tasks.ValueTask"))
        {
            report.Add(Descriptors.NoResult, method.Member.Place(), method.Member.Name);
            return;
        }

        var allowed = method.Attribute.AttributeClass switch
        {
            var filter when filter.Is(KnownNames.Filter) => "bool or ValueTask<bool>",
            var route when route.Is(KnownNames.Route) => "an enum or ValueTask of an enum",
            _ => "U, U?, IEnumerable<U>, ValueTask of these, or IAsyncEnumerable<U>; Change<U> for U only where Change<T> is taken",
        };
        report.Add(Descriptors.UnsupportedSignature, method.Member.Place(), method.Member.Name, allowed);
    }

    private static void CheckAsync(MethodDeclaration method, MethodShape shape, PipelineDeclaration pipeline, Report report)
    {
        if (method is { MaxConcurrency: > 1, Ordering: "Unspecified" })
        {
            report.Add(Descriptors.OrderingMissing, method.Attribute.Place(method.Member), method.Member.Name, method.MaxConcurrency);
        }

        if (!shape.TakesCancellation)
        {
            report.Add(Descriptors.CancellationMissing, method.Member.Place(), method.Member.Name);
        }

        if (method.Ordering == "Unordered" && Downstream(method, pipeline).SelectMany(node => node.Sinks).FirstOrDefault(sink => sink.NeedsKey) is { } keyed)
        {
            report.Add(Descriptors.UnorderedIntoKeyed, method.Attribute.Place(method.Member), method.Member.Name, keyed.Name);
        }
    }

    private static List<NodeDeclaration> Downstream(NodeDeclaration node, PipelineDeclaration pipeline)
    {
        var reached = new List<NodeDeclaration> { node };
        for (var index = 0; index < reached.Count; index++)
        {
            reached.AddRange(pipeline.Methods.Where(method => method.Input == reached[index] && !reached.Contains(method)));
        }

        return reached;
    }
}
