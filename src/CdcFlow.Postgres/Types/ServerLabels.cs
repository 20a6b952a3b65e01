using System.Text;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Types;

/// <summary>Which member of a row type's enum a label of the server's is: as generated codecs have it, by its label exactly, else by its name, where case and underscores do not matter.</summary>
internal static class ServerLabels
{
    /// <summary>The member's name; null where there is none.</summary>
    internal static string? MemberOf(ColumnDescriptor column, string label)
    {
        var text = Encoding.UTF8.GetBytes(label);
        var names = column.EnumValues.Count > 0 ? column.EnumValues.Select(value => value.Name) : Enum.GetNames(column.ClrType);
        return column.EnumValues.FirstOrDefault(value => value.IsLabelled && value.Label == label)?.Name
            ?? names.FirstOrDefault(name => EnumLabel.Names(text, Encoding.UTF8.GetBytes(name)));
    }

    /// <summary>The label that the server has for a member; null where it has none, or several that could be meant.</summary>
    internal static string? LabelOf(ColumnDescriptor column, EnumValue value, IReadOnlyList<string> labels)
    {
        if (labels.Contains(value.Label))
        {
            return value.Label;
        }

        var alike = labels.Where(label => MemberOf(column, label) == value.Name).Take(2).ToList();
        return alike is [var only] ? only : null;
    }
}
