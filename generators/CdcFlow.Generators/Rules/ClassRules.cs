using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;
using CdcFlow.Generators.Emission;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.Generators.Rules;

/// <summary>The class itself: its other half can be written, and its name can name things.</summary>
internal static class ClassRules
{
    private const int NameLengthMax = 40;

    public static void Check(PipelineDeclaration pipeline, Report report)
    {
        for (var at = pipeline.Type; at is not null; at = at.ContainingType)
        {
            if (!IsPartial(at))
            {
                report.Add(Descriptors.MustBePartial, at.Place(), at.Name, pipeline.Type.Name);
            }
        }

        if (Unsupported(pipeline.Type) is { } reason)
        {
            report.Add(Descriptors.UnsupportedClass, pipeline.Type.Place(), pipeline.Type.Name, reason);
        }

        foreach (var member in pipeline.Type.GetMembers().Where(member => !member.IsImplicitlyDeclared && Names.Reserved.Contains(member.Name)))
        {
            report.Add(Descriptors.ReservedMember, member.Place(), member.Name, pipeline.Type.Name);
        }

        CheckName(pipeline.Name, "pipeline", pipeline.Attribute.Place(pipeline.Type), report);
        foreach (var source in pipeline.Sources)
        {
            CheckName(source.Connection, "connection", source.Attribute.Place(source.Member), report);
        }

        foreach (var sink in pipeline.Sinks)
        {
            CheckName(sink.Connection, "connection", sink.Attribute.Place(sink.Member), report);
            if (sink.Name != sink.Connection)
            {
                CheckName(sink.Name, "sink", sink.Attribute.Place(sink.Member), report);
            }
        }
    }

    public static bool IsPartial(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.Any(part => part.GetSyntax() is TypeDeclarationSyntax syntax && syntax.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static string? Unsupported(INamedTypeSymbol type) =>
        type.IsRecord ? "a record"
        : type.IsStatic ? "static"
        : type.IsAbstract ? "abstract"
        : type.IsFileLocal ? "local to its file"
        : type.IsGenericType ? "generic"
        : null;

    private static void CheckName(string? name, string kind, Location place, Report report)
    {
        // A secret in the place of a name is reported as that, and never quoted.
        if (name is not null && !IsName(name) && !SecretRules.IsSecret(name))
        {
            report.Add(Descriptors.InvalidName, place, name, kind);
        }
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= NameLengthMax && name.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');
}
