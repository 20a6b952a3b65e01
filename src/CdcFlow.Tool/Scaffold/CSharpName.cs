using System.Text;

namespace CdcFlow.Tool.Scaffold;

/// <summary>Names of C# made of the database's. Pure.</summary>
internal static class CSharpName
{
    private static readonly HashSet<string> alike = new(StringComparer.OrdinalIgnoreCase) { "news", "series", "species" };

    /// <summary><c>order_items</c> and <c>order items</c> → <c>OrderItems</c>, <c>ID</c> → <c>Id</c>, <c>2nd</c> → <c>_2nd</c>.</summary>
    /// <param name="name">The database's name, which may hold anything.</param>
    /// <param name="otherwise">What to say where no character of it can stand in a name.</param>
    internal static string Pascal(string name, string otherwise)
    {
        var pascal = new StringBuilder(name.Length);
        foreach (var word in Words(name))
        {
            pascal.Append(char.ToUpperInvariant(word[0])).Append(word.Length > 1 && word.All(IsUpper) ? word[1..].ToLowerInvariant() : word[1..]);
        }

        return pascal.Length == 0 ? otherwise : char.IsDigit(pascal[0]) ? $"_{pascal}" : pascal.ToString();
    }

    /// <summary>The English singular of a name, as far as a few rules go: <c>Orders</c> → <c>Order</c>, <c>Categories</c> → <c>Category</c>.</summary>
    internal static string Singular(string name) =>
        alike.Any(word => name.EndsWith(word, StringComparison.OrdinalIgnoreCase)) ? name
        : EndsWith(name, "ies") && name.Length > 4 ? $"{name[..^3]}y"
        : EndsWith(name, "sses", "shes", "ches", "xes", "zes") ? name[..^2]
        : EndsWith(name, "s") && !EndsWith(name, "ss", "us", "is") && name.Length > 2 ? name[..^1]
        : name;

    /// <summary>The name, or the first of name2, name3 and so on that is not taken yet; takes it.</summary>
    internal static string Unique(string name, ISet<string> taken)
    {
        var unique = name;
        for (var i = 2; !taken.Add(unique); i++)
        {
            unique = $"{name}{i}";
        }

        return unique;
    }

    private static IEnumerable<string> Words(string name)
    {
        var start = 0;
        for (var i = 0; i <= name.Length; i++)
        {
            if (i == name.Length || !char.IsLetterOrDigit(name[i]))
            {
                if (i > start)
                {
                    yield return name[start..i];
                }

                start = i + 1;
            }
        }
    }

    private static bool IsUpper(char letter) => char.IsUpper(letter) || char.IsDigit(letter);

    private static bool EndsWith(string name, params ReadOnlySpan<string> endings)
    {
        foreach (var ending in endings)
        {
            if (name.EndsWith(ending, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
