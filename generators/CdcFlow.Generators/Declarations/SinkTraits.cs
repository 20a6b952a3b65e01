using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Declarations;

/// <summary>What <c>[SinkCapabilities]</c> on a sink's attribute class says.</summary>
/// <param name="Kind">The member of <c>SinkKind</c>; at-least-once for a connector that says nothing.</param>
/// <param name="NeedsKey">Whether rows need a key.</param>
/// <param name="KeylessWith">The value of one of its properties with which they do not.</param>
/// <param name="NeedsDecimalPrecision">Whether a decimal column needs a precision.</param>
/// <param name="NeedsReadCommitted">Whether readers must ask for committed rows.</param>
/// <param name="LeavesTransactions">Whether a dead instance's transaction stays open.</param>
internal sealed record SinkTraits(
    string Kind, bool NeedsKey, TypedConstant? KeylessWith, bool NeedsDecimalPrecision, bool NeedsReadCommitted, bool LeavesTransactions)
{
    public static SinkTraits Of(INamedTypeSymbol attributeClass)
    {
        for (var at = attributeClass; at is not null; at = at.BaseType)
        {
            if (at.Attribute(KnownNames.SinkCapabilities) is { } stated)
            {
                return new SinkTraits(
                    stated.ConstructorArguments.Length > 0 ? stated.ConstructorArguments[0].EnumMember() ?? AtLeastOnce : AtLeastOnce,
                    IsTrue(stated, "NeedsKey"), stated.Named("KeylessWith"), IsTrue(stated, "NeedsDecimalPrecision"), IsTrue(stated, "NeedsReadCommitted"),
                    IsTrue(stated, "LeavesTransactions"));
            }
        }

        return new SinkTraits(AtLeastOnce, false, null, false, false, false);
    }

    /// <summary>Whether rows need a key as the attribute is written.</summary>
    public bool NeedsKeyAs(AttributeData written) => NeedsKey && !written.NamedArguments.Any(argument => KeylessWith is { } value && argument.Value.Equals(value));

    private const string AtLeastOnce = "AtLeastOnce";

    private static bool IsTrue(AttributeData stated, string property) => stated.Named(property)?.Value is true;
}
