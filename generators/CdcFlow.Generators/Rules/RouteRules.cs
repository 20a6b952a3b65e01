using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Rules;

/// <summary>Consumers of a route take branches that it has, and every branch has a consumer.</summary>
internal static class RouteRules
{
    public static void Check(PipelineDeclaration pipeline, Report report)
    {
        foreach (var method in pipeline.Methods)
        {
            CheckWhen(method.When, method.Input, $"'{method.Member.Name}'", method.Attribute.Place(method.Member), report);
        }

        foreach (var node in pipeline.Nodes)
        {
            foreach (var sink in node.Sinks)
            {
                CheckWhen(sink.When, node, $"Sink '{sink.Name}'", sink.Attribute.Place(sink.Member), report);
            }

            if (node is MethodDeclaration { Shape.Branch: { } branch })
            {
                CheckBranches(node, branch, pipeline, report);
            }
        }
    }

    private static void CheckWhen(TypedConstant? when, NodeDeclaration? input, string consumer, Location place, Report report)
    {
        if (when is not { } value || input is null)
        {
            return;
        }

        var written = value.Kind == TypedConstantKind.Enum ? $"{value.Type!.Name}.{value.EnumMember() ?? value.Value}" : $"{value.Value}";
        if (input is not MethodDeclaration { Shape.Branch: { } branch })
        {
            if (input.Row is not null)
            {
                report.Add(Descriptors.RouteBranch, place, consumer, written, $"'{input.Member.Name}' is no route");
            }
        }
        else if (!value.Type.IsSame(branch) || value.EnumMember() is null)
        {
            report.Add(Descriptors.RouteBranch, place, consumer, written, $"'{input.Member.Name}' returns {branch.Name}, which has no such member");
        }
    }

    private static void CheckBranches(NodeDeclaration route, INamedTypeSymbol branch, PipelineDeclaration pipeline, Report report)
    {
        var taken = route.Sinks.Select(sink => sink.When).Concat(pipeline.Methods.Where(method => method.Input == route).Select(method => method.When)).ToList();
        if (taken.Count == 0 || taken.Contains(null))
        {
            return;
        }

        foreach (var member in branch.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue && taken.All(when => when?.EnumMember() != field.Name)))
        {
            report.Add(Descriptors.UnconsumedBranch, route.Member.Place(), branch.Name, member.Name);
        }
    }
}
