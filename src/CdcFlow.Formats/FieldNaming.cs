using System.Text;
using CdcFlow.Rows;

namespace CdcFlow.Formats;

/// <summary>How a field is named whose column has no explicit name. A name given by <c>[Column("…")]</c> is always kept.</summary>
public enum FieldNaming
{
    /// <summary><c>customer_id</c> for the property <c>CustomerId</c>: the database's usual spelling.</summary>
    SnakeCase,

    /// <summary><c>customerId</c>.</summary>
    CamelCase,

    /// <summary><c>CustomerId</c>: the property's own name.</summary>
    Property,
}

/// <summary>The names of a row type's fields.</summary>
public static class FieldNames
{
    /// <summary>The field's name for a column.</summary>
    public static string Of(ColumnDescriptor column, FieldNaming naming) =>
        column.IsNameExplicit ? column.Name : naming switch
        {
            FieldNaming.SnakeCase => SnakeCase(column.Name),
            FieldNaming.CamelCase => char.ToLowerInvariant(column.Name[0]) + column.Name[1..],
            _ => column.Name,
        };

    /// <summary><c>customer_id</c> for <c>CustomerId</c>, <c>http_url</c> for <c>HTTPUrl</c>, <c>line2</c> for <c>Line2</c>.</summary>
    public static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var index = 0; index < name.Length; index++)
        {
            if (index > 0 && char.IsUpper(name[index]) && StartsWord(name, index))
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(name[index]));
        }

        return text.ToString();
    }

    /// <summary>Refuses a row type one of whose fields bears a name that the format itself writes, or another column's.</summary>
    internal static void RefuseTaken(string rowType, IEnumerable<string> columns, IEnumerable<string> own)
    {
        // Without regard to case: readers often fold it.
        var seen = new HashSet<string>(own, StringComparer.OrdinalIgnoreCase);
        if (columns.FirstOrDefault(name => !seen.Add(name)) is { } taken)
        {
            throw FormatErrors.Taken(rowType, taken);
        }
    }

    private static bool StartsWord(string name, int index)
    {
        var previous = name[index - 1];
        var endsAbbreviation = char.IsUpper(previous) && index + 1 < name.Length && char.IsLower(name[index + 1]);
        return previous != '_' && (!char.IsUpper(previous) || endsAbbreviation);
    }
}
