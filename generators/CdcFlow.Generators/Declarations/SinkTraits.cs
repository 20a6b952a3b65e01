using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Declarations;

/// <summary>What <c>[SinkCapabilities]</c> on a sink's attribute class says.</summary>
/// <param name="Kind">The member of <c>SinkKind</c>; at-least-once for a connector that says nothing.</param>
internal sealed record SinkTraits(string Kind, bool NeedsKey, bool NeedsDecimalPrecision, bool NeedsReadCommitted)
{
    public static SinkTraits Of(INamedTypeSymbol attributeClass)
    {
        for (var at = attributeClass; at is not null; at = at.BaseType)
        {
            if (at.Attribute(KnownNames.SinkCapabilities) is { } stated)
            {
                return new SinkTraits(
                    stated.ConstructorArguments.Length > 0 ? stated.ConstructorArguments[0].EnumMember() ?? AtLeastOnce : AtLeastOnce,
                    IsTrue(stated, "NeedsKey"), IsTrue(stated, "NeedsDecimalPrecision"), IsTrue(stated, "NeedsReadCommitted"));
            }
        }

        return new SinkTraits(AtLeastOnce, false, false, false);
    }

    private const string AtLeastOnce = "AtLeastOnce";

    private static bool IsTrue(AttributeData stated, string property) => stated.Named(property)?.Value is true;
}
