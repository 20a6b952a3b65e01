using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;

namespace CdcFlow.Generators.Rules;

/// <summary>Every method finds exactly one node that feeds it, and no row goes round.</summary>
internal static class InputRules
{
    public static void Check(PipelineDeclaration pipeline, Report report)
    {
        foreach (var method in pipeline.Methods)
        {
            CheckInput(method, pipeline, report);
        }

        CheckCycles(pipeline, report);
    }

    private static void CheckInput(MethodDeclaration method, PipelineDeclaration pipeline, Report report)
    {
        var place = method.Attribute.Place(method.Member);
        if (method.From is { } from && method.Input is null)
        {
            var near = NearName.Of(from, pipeline.Nodes.Where(node => node != method).Select(node => node.Member.Name));
            report.AddWithSuggestion(
                Descriptors.UnknownInput, place, near, method.Member.Name, from, near is null ? ": name a member with a source or node attribute" : $": did you mean '{near}'?");
        }
        else if (method.Input is { Row: { } given } input && method.Shape is { } shape && !given.IsSame(shape.In))
        {
            report.Add(Descriptors.WrongInputType, place, method.Member.Name, shape.In.ShortName(), input.Member.Name, given.ShortName());
        }
        else if (method is { From: null, Candidates.Count: > 1 })
        {
            report.Add(
                Descriptors.AmbiguousInput, place, method.Member.Name, method.Shape!.In.ShortName(), method.Candidates.Count,
                string.Join(", ", method.Candidates.Select(node => node.Member.Name)));
        }
        else if (method is { From: null, Candidates.Count: 0, Shape: not null } && pipeline.Sources.Any())
        {
            report.Add(Descriptors.Unreachable, method.Member.Place(), method.Member.Name, method.Shape.In.ShortName());
        }
    }

    /// <summary>Each node has one input at most, so following inputs either ends or comes back; each circle is reported at its first member.</summary>
    private static void CheckCycles(PipelineDeclaration pipeline, Report report)
    {
        var seen = new HashSet<NodeDeclaration>();
        foreach (var method in pipeline.Methods)
        {
            var path = new List<NodeDeclaration>();
            NodeDeclaration? at = method;
            while (at is MethodDeclaration next && seen.Add(at))
            {
                path.Add(at);
                at = next.Input;
            }

            if (at is not null && path.IndexOf(at) is >= 0 and var start)
            {
                var circle = path.Skip(start).Reverse().ToList();
                var names = string.Join(" → ", circle.Append(circle[0]).Select(node => node.Member.Name));
                report.Add(Descriptors.Cycle, at.Attribute.Place(at.Member), names);
            }
        }
    }
}
