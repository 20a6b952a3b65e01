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
        var place = source.Attribute.Place(source.Member);
        var startup = source.Attribute.NamedMember("Startup") ?? "Initial";
        if (source.Traits is not { } traits)
        {
            report.Add(Descriptors.NoCapabilities, place, source.Attribute.ShortName(), source.Member.Name);
        }
        else if (!traits.Startups.Contains(startup))
        {
            report.Add(
                Descriptors.StartupUnsupported, place, startup, source.Member.Name,
                $"is not supported by [{source.Attribute.ShortName()}]: use one of {string.Join(", ", traits.Startups)}");
        }
        else if (BeginningOf(startup, traits) is { } beginning)
        {
            CheckBeginning(source, startup, beginning.Statement, beginning.Property, report);
        }
    }

    /// <summary>What in the capabilities names the property that says where a startup begins; null for one that needs none.</summary>
    private static (string Statement, string? Property)? BeginningOf(string startup, SourceTraits traits) => startup switch
    {
        "Timestamp" => ("TimestampProperty", traits.TimestampProperty),
        "SpecificOffset" => ("OffsetProperty", traits.OffsetProperty),
        _ => null,
    };

    private static void CheckBeginning(SourceDeclaration source, string startup, string statement, string? property, Report report)
    {
        var place = source.Attribute.Place(source.Member);
        if (property is null || !IsProperty(source.Attribute.AttributeClass!, property))
        {
            report.Add(Descriptors.NoBeginning, place, source.Attribute.ShortName(), startup, property is null ? "names no property" : $"names '{property}', which is no property of it", statement);
        }
        else if (source.Attribute.Named(property) is null or { IsNull: true })
        {
            report.Add(Descriptors.StartupUnsupported, place, startup, source.Member.Name, $"says nothing about where to begin: set {property}");
        }
    }

    private static bool IsProperty(INamedTypeSymbol attributeClass, string name)
    {
        for (var at = attributeClass; at is not null; at = at.BaseType)
        {
            if (at.GetMembers(name).OfType<IPropertySymbol>().Any(property => property.SetMethod is { DeclaredAccessibility: Accessibility.Public }))
            {
                return true;
            }
        }

        return false;
    }
}
