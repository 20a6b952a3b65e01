using CdcFlow.Rows;

namespace CdcFlow.Postgres.Types;

/// <summary>Which server column a property means: the written name exactly; for a name taken from the property also its snake_case form and any case.</summary>
internal static class ColumnMatch
{
    /// <summary>The index among <paramref name="columns"/>, or -1.</summary>
    internal static int Find(ColumnDescriptor wanted, IReadOnlyList<ServerColumn> columns) => Find(wanted, [.. columns.Select(column => column.Name)]);

    /// <summary>The index among <paramref name="names"/>, or -1.</summary>
    internal static int Find(ColumnDescriptor wanted, IReadOnlyList<string> names)
    {
        var exact = IndexOf(names, wanted.Name, StringComparison.Ordinal);
        if (exact >= 0 || wanted.IsNameExplicit)
        {
            return exact;
        }

        var snake = IndexOf(names, SnakeCase(wanted.Name), StringComparison.Ordinal);
        return snake >= 0 ? snake : IndexOf(names, wanted.Name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary><c>CustomerId</c> → <c>customer_id</c>, <c>HTTPStatus2</c> → <c>http_status2</c>.</summary>
    internal static string SnakeCase(string name)
    {
        var snake = new System.Text.StringBuilder(name.Length + 8);
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
