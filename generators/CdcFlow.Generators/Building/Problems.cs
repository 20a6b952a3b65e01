using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Model;
using CdcFlow.Generators.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CdcFlow.Generators.Building;

/// <summary>Carries what rules find from the class to the compiler as values, so that no compilation is kept alive.</summary>
internal static class Problems
{
    /// <summary>The errors that only the generator can report: those of a class whose properties wait for a half that nobody can write, at which the compiler stops.</summary>
    public static EquatableArray<Problem> Of(PipelineDeclaration pipeline)
    {
        var problems = new List<Problem>();
        if (ClassModelBuilder.Unwritten(pipeline).Any())
        {
            PipelineRules.Check(pipeline, found =>
            {
                if (found.DefaultSeverity == DiagnosticSeverity.Error)
                {
                    problems.Add(Of(found));
                }
            });
        }

        return problems.ToEquatableArray();
    }

    public static Diagnostic ToDiagnostic(Problem problem) => Diagnostic.Create(
        problem.Id, "CdcFlow", problem.Message, DiagnosticSeverity.Error, DiagnosticSeverity.Error, isEnabledByDefault: true, warningLevel: 0,
        title: problem.Title, helpLink: problem.HelpLink, location: ToLocation(problem.Place));

    private static Problem Of(Diagnostic found) => new(
        found.Id, found.Descriptor.Title.ToString(), found.GetMessage(System.Globalization.CultureInfo.InvariantCulture), found.Descriptor.HelpLinkUri, Of(found.Location));

    private static Place Of(Location location)
    {
        var (lines, span) = (location.GetLineSpan().Span, location.SourceSpan);
        return new Place(
            location.SourceTree?.FilePath ?? "", span.Start, span.Length, lines.Start.Line, lines.Start.Character, lines.End.Line, lines.End.Character);
    }

    private static Location ToLocation(Place place) => place.Length == 0
        ? Location.None
        : Location.Create(
            place.Path, new TextSpan(place.Start, place.Length),
            new LinePositionSpan(new LinePosition(place.FirstLine, place.FirstColumn), new LinePosition(place.LastLine, place.LastColumn)));
}
