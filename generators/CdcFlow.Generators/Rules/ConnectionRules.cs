using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Rules;

/// <summary>What members of one connection share, they do not give different values. Configuration may still do so, which the start finds.</summary>
internal static class ConnectionRules
{
    public static void Check(PipelineDeclaration pipeline, Report report)
    {
        Check([.. pipeline.Sources.Select(source => (source.Member.Name, source.Connection, source.Attribute, source.Member))], report);
        Check([.. pipeline.Sinks.Select(sink => (sink.Name, sink.Connection, sink.Attribute, sink.Member))], report);
    }

    private static void Check(List<(string Name, string? Connection, AttributeData Attribute, ISymbol Member)> members, Report report)
    {
        foreach (var connection in members.GroupBy(member => member.Connection))
        {
            Dictionary<string, (string Name, TypedConstant Value)> given = [];
            foreach (var (name, _, attribute, member) in connection)
            {
                foreach (var setting in attribute.NamedArguments.Where(argument => IsShared(attribute, argument.Key)))
                {
                    if (!given.TryGetValue(setting.Key, out var before))
                    {
                        given.Add(setting.Key, (name, setting.Value));
                    }
                    else if (!before.Value.Equals(setting.Value))
                    {
                        report.Add(Descriptors.ConnectionSetting, attribute.Place(member), before.Name, name, setting.Key, connection.Key);
                    }
                }
            }
        }
    }

    private static bool IsShared(AttributeData attribute, string property) => attribute.AttributeClass!.GetMembers(property)
        .Any(member => member.Attribute(KnownNames.ConnectionSetting) is not null);
}
