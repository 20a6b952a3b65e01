using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Rules;

/// <summary>Sources: the property is one that can be completed, and the connector can start as asked.</summary>
internal static class SourceRules
{
    public static void Check(PipelineDeclaration pipeline, Report report)
    {
        foreach (var source in pipeline.Sources)
        {
            if (source.Row is null || source.Property is not { IsPartialDefinition: true, IsStatic: false, SetMethod: null, GetMethod: not null })
            {
                report.Add(Descriptors.SourceShape, source.Member.Place(), source.Member.Name, source.Attribute.ShortName());
            }

            CheckStartup(source, report);
        }
    }

    private static void CheckStartup(SourceDeclaration source, Report report)
    {
        var startup = source.Attribute.NamedMember("Startup") ?? "Initial";
        var supported = Startups(source.Attribute.AttributeClass!);
        if (supported is not null && !supported.Contains(startup))
        {
            report.Add(
                Descriptors.StartupUnsupported, source.Attribute.Place(source.Member), startup, source.Member.Name,
                $"is not supported by [{source.Attribute.ShortName()}]: use one of {string.Join(", ", supported)}");
        }
        else if (Missing(startup, source.Attribute) is { } property)
        {
            report.Add(
                Descriptors.StartupUnsupported, source.Attribute.Place(source.Member), startup, source.Member.Name,
                $"says nothing about where to begin: set {property}");
        }
    }

    private static List<string>? Startups(INamedTypeSymbol attributeClass) =>
        attributeClass.Attribute(KnownNames.SourceCapabilities) is { } stated
            ? stated.ConstructorArguments.Where(argument => argument.Kind == TypedConstantKind.Array)
                .SelectMany(argument => argument.Values).Select(value => value.EnumMember()).OfType<string>().ToList()
            : null;

    /// <summary>The property that says where a startup mode begins, where the connector has one and it is not set.</summary>
    private static string? Missing(string startup, AttributeData attribute)
    {
        var word = startup switch
        {
            "Timestamp" => "Timestamp",
            "SpecificOffset" => "Offset",
            _ => null,
        };
        return word is null || attribute.NamedArguments.Any(argument => argument.Key.Contains(word))
            ? null
            : attribute.AttributeClass!.GetMembers().OfType<IPropertySymbol>().FirstOrDefault(property => property.Name.Contains(word))?.Name;
    }
}
