using System.Text;

namespace CdcFlow.Postgres.Types;

/// <summary>Which server column a property means: the written name exactly; for a name taken from the property also its snake_case form and any case.</summary>
/// <remarks>Compiled into the generator too.</remarks>
internal static class ColumnName
{
    /// <summary>The index among <paramref name="names"/>, or -1.</summary>
    /// <param name="name">The column's name as it was written, or the property's.</param>
    /// <param name="isExplicit">Whether it was written.</param>
    /// <param name="names">The table's columns.</param>
    internal static int Find(string name, bool isExplicit, IReadOnlyList<string> names)
    {
        var exact = IndexOf(names, name, StringComparison.Ordinal);
        if (exact >= 0 || isExplicit)
        {
            return exact;
        }

        var snake = IndexOf(names, SnakeCase(name), StringComparison.Ordinal);
        return snake >= 0 ? snake : IndexOf(names, name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary><c>CustomerId</c> → <c>customer_id</c>, <c>HTTPStatus2</c> → <c>http_status2</c>.</summary>
    internal static string SnakeCase(string name)
    {
        var snake = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = i > 0 && char.IsUpper(name[i]) && name[i - 1] != '_'
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            snake.Append(startsWord ? "_" : "").Append(char.ToLowerInvariant(name[i]));
        }

        return snake.ToString();
    }

    private static int IndexOf(IReadOnlyList<string> names, string name, StringComparison comparison)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].Equals(name, comparison))
            {
                return i;
            }
        }

        return -1;
    }
}
