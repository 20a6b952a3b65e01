using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;
using CdcFlow.Generators.Locking;
using CdcFlow.Postgres.Types;
using CdcFlow.Tool.Scaffold;
using Microsoft.CodeAnalysis;

namespace CdcFlow.Generators.Rules;

/// <summary>Properties against the columns that a schema lock has: each has one, which fits and takes no NULL that the property does not take.</summary>
internal static class LockedColumnRules
{
    private const int NamesMax = 12;

    public static void Check(RowType row, LockedTable table, SourceDeclaration source, Report report)
    {
        List<string> names = [.. table.Columns.Select(column => column.Name)];
        foreach (var property in row.Columns)
        {
            var place = RowRules.Place(property, source);
            if (Find(property, names) is >= 0 and var index)
            {
                CheckFit(property, table.Columns[index], table, source, place, report);
            }
            else
            {
                var others = names.Except(row.Columns.Select(other => Find(other, names)).Where(found => found >= 0).Select(found => names[found])).ToList();
                var near = NearName.Of(RowProperty.ColumnName(property) ?? ColumnName.SnakeCase(property.Name), others);
                report.AddWithSuggestion(
                    Descriptors.LockedColumnMissing, place, near, row.Type.Name, property.Name, table,
                    near is null ? $"it has {Listed(names)}; name one by [Column(\"…\")], or add [NotMapped]" : $"did you mean '{near}'? Name it by [Column(\"{near}\")]");
            }
        }
    }

    /// <summary>The index of the property's column, or -1.</summary>
    public static int Find(IPropertySymbol property, IReadOnlyList<string> names)
    {
        var written = RowProperty.ColumnName(property);
        return ColumnName.Find(written ?? property.Name, written is not null, names);
    }

    private static void CheckFit(IPropertySymbol property, LockedColumn column, LockedTable table, SourceDeclaration source, Location place, Report report)
    {
        var type = (RowProperty.ConvertedColumn(RowProperty.Converter(property)) ?? property.Type).WithoutNull();
        var owner = property.ContainingType.Name;
        var proposed = PropertyType.Of(column.Shape, column.Type);
        var isConverted = RowProperty.Converter(property) is not null;
        if (type.TypeKind != TypeKind.Enum && !ColumnFit.Takes(PropertyShapes.Of(type), column.Shape))
        {
            report.AddWithSuggestion(
                Descriptors.LockedColumnMisfit, place, isConverted ? null : Spell(proposed, column.IsNullable), owner, property.Name, type.ShortName(), column.Name, column.Type,
                $"{proposed.Name}{(column.IsNullable ? "?" : "")}{(proposed.Name == "string" ? "" : ", or a string, which takes every column as the server's own text")}");
            return;
        }

        if (column.IsNullable && !property.Type.TakesNull())
        {
            report.Add(Descriptors.LockedColumnNullable, place, owner, property.Name, column.Name, table, $"{property.Type.ShortName()}?");
        }

        if (type.SpecialType == SpecialType.System_Decimal && PropertyType.HoldsMoreThanDecimal(column.Type))
        {
            report.AddWithSuggestion(
                Descriptors.LockedDigits, place, isConverted ? null : Spell(proposed, property.Type.TakesNull()), owner, property.Name, column.Name, column.Type, proposed.Name);
        }

        if (type.TypeKind == TypeKind.Enum && Labels(column, type) is { Count: > 0 } labels)
        {
            report.Add(Descriptors.LockedLabels, place, owner, property.Name, type.ShortName(), string.Join(", ", labels.Select(label => $"'{label}'")), column.Name);
        }

        if (!column.IsInLog && source.Attribute.NamedMember("Startup") != "SnapshotOnly")
        {
            report.Add(Descriptors.LockedNotInLog, place, owner, property.Name, column.Name, table);
        }
    }

    private static string Spell(PropertyType type, bool isNullable) => $"{(type.Namespace is null ? "" : $"global::{type.Namespace}.")}{type.Name}{(isNullable ? "?" : "")}";

    private static string Listed(List<string> names) => string.Join(", ", names.Take(NamesMax)) + (names.Count > NamesMax ? ", …" : "");

    /// <summary>Labels that no member has or is named after, as rows are read: of names case and underscores do not matter, and a number is a member's value.</summary>
    private static List<string> Labels(LockedColumn column, ITypeSymbol type)
    {
        var members = new HashSet<string>(type.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue).Select(field => Plain(field.Name)), StringComparer.Ordinal);
        var labelled = EnumMembers.Of((INamedTypeSymbol)type).Select(member => member.Label).ToList();
        return [.. column.Labels.Where(label => !members.Contains(Plain(label)) && !labelled.Contains(label) && !long.TryParse(label, out _))];
    }

    private static string Plain(string name) => string.Concat(name.Where(letter => letter != '_').Select(letter => letter is >= 'A' and <= 'Z' ? (char)(letter | 0x20) : letter));
}
