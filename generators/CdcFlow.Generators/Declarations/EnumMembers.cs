using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Declarations;

/// <summary>The members of an enum and the labels that attributes give them, known by name so that nobody needs a reference to them.</summary>
internal static class EnumMembers
{
    /// <summary>One member for each value, in order of declaration: the first that has it. The label is the first that one of them has; null where none has.</summary>
    public static IEnumerable<(string Name, string? Label, long Number)> Of(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue).GroupBy(field => field.ConstantValue)
            .Select(group => (group.First().Name, group.Select(LabelOf).FirstOrDefault(label => label is not null), Number(group.Key!)));

    private static string? LabelOf(IFieldSymbol member) =>
        member.Attribute(KnownNames.PgName)?.FirstText()
        ?? member.Attribute(KnownNames.EnumMember)?.Named("Value")?.Value as string
        ?? member.Attribute(KnownNames.JsonMemberName)?.FirstText();

    private static long Number(object value) => value is ulong large ? unchecked((long)large) : Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);
}
