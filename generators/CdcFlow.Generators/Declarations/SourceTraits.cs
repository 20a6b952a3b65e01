using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Declarations;

/// <summary>What <c>[SourceCapabilities]</c> on a source's attribute class says.</summary>
/// <param name="Startups">The members of <c>Startup</c> that it has.</param>
/// <param name="Product">The product of the servers that it reads, as a schema lock names it; null: no lock has its tables.</param>
/// <param name="TimestampProperty">Its property that says at which time a startup by time begins.</param>
/// <param name="OffsetProperty">Its property that says at which place a startup by place begins.</param>
internal sealed record SourceTraits(IReadOnlyList<string> Startups, string? Product, string? TimestampProperty, string? OffsetProperty)
{
    /// <summary>What the class says, or one that it derives from; null: nothing.</summary>
    public static SourceTraits? Of(INamedTypeSymbol attributeClass)
    {
        for (var at = attributeClass; at is not null; at = at.BaseType)
        {
            if (at.Attribute(KnownNames.SourceCapabilities) is { } stated)
            {
                return new SourceTraits(
                    [.. stated.ConstructorArguments.Where(argument => argument.Kind == TypedConstantKind.Array)
                        .SelectMany(argument => argument.Values).Select(value => value.EnumMember()).OfType<string>()],
                    stated.Named("Product")?.Value as string, stated.Named("TimestampProperty")?.Value as string, stated.Named("OffsetProperty")?.Value as string);
            }
        }

        return null;
    }
}
