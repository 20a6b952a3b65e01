using System.Globalization;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Sink;

/// <summary>What members of a row type's enum are in a column of the table: of an enum there its labels, by name where case and underscores do not matter; of integers,
/// numbers; in any other column, what codecs write. Pure.</summary>
internal static class EnumCast
{
    /// <summary>The staged text as the column's type reads it.</summary>
    /// <param name="staged">The staged column.</param>
    /// <param name="column">The row type's column.</param>
    /// <param name="target">The table's.</param>
    public static string Staged(string staged, ColumnDescriptor column, TargetColumn target)
    {
        var cases = column.EnumValues.Select(value => (From: value.Label, To: TextOf(column, value, target))).Where(pair => pair.To is not null && pair.To != pair.From)
            .Select(pair => $"WHEN {staged} OPERATOR(pg_catalog.=) {SqlText.Literal(pair.From)} THEN {SqlText.Literal(pair.To!)}").ToList();
        return cases.Count == 0 ? staged : $"CASE {string.Join(' ', cases)} ELSE {staged} END";
    }

    /// <summary>The members that the column's type does not have.</summary>
    public static IEnumerable<string> Missing(ColumnDescriptor column, TargetColumn target) =>
        target.Labels.Count == 0 || target.IsArray ? [] : column.EnumValues.Where(value => TextOf(column, value, target) is null).Select(value => value.Label);

    /// <summary>Null where the type has no such label, or several that could be meant.</summary>
    private static string? TextOf(ColumnDescriptor column, EnumValue value, TargetColumn target) => target switch
    {
        { IsArray: true } => value.Label,
        { BaseType: "int2" or "int4" or "int8" } => value.Number.ToString(CultureInfo.InvariantCulture),
        { Labels: [] } => value.Label,
        _ => ServerLabels.LabelOf(column, value, target.Labels),
    };
}
