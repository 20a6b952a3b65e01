using System.Text.RegularExpressions;
using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Rules;

/// <summary>No secret ever stands in an attribute: attributes are compiled into assemblies and checked in.</summary>
internal static class SecretRules
{
    private static readonly Regex secret = new(
        @"(password|pwd|secret|token|accountkey|sharedaccesskey|user id|uid|username|server|host|data source)\s*=|://[^/\s]*:[^/\s]*@|-----BEGIN",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    public static void Check(PipelineDeclaration pipeline, Report report)
    {
        Check(pipeline.Attribute, pipeline.Type, report);
        foreach (var source in pipeline.Sources)
        {
            Check(source.Attribute, source.Member, report);
        }

        foreach (var sink in pipeline.Sinks)
        {
            Check(sink.Attribute, sink.Member, report);
        }
    }

    public static bool IsSecret(string text) => secret.IsMatch(text);

    private static void Check(AttributeData attribute, ISymbol member, Report report)
    {
        var values = attribute.ConstructorArguments.Concat(attribute.NamedArguments.Select(argument => argument.Value));
        if (values.Any(value => value is { Kind: TypedConstantKind.Primitive, Value: string text } && IsSecret(text)))
        {
            report.Add(Descriptors.Secret, attribute.Place(member), member.Name);
        }
    }
}
