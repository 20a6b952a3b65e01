using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace CdcFlow.Generators;

/// <summary>Gives out C# names, each once.</summary>
internal sealed class NameScope(IEnumerable<string>? taken = null)
{
    private readonly HashSet<string> names = new(taken ?? [], StringComparer.Ordinal);

    /// <summary>The name itself, or with a number after it when it is taken.</summary>
    public string Take(string name)
    {
        var free = name;
        for (var number = 2; !names.Add(free); number++)
        {
            free = name + number.ToString(CultureInfo.InvariantCulture);
        }

        return free;
    }

    /// <summary>Takes a name for a local or a parameter.</summary>
    public string TakeLocal(string name) => Escape(Take(Camel(name)));

    /// <summary><c>orders-v1</c> as <c>OrdersV1</c>.</summary>
    public static string Pascal(string name)
    {
        var words = new string([.. name.Select(letter => SyntaxFacts.IsIdentifierPartCharacter(letter) ? letter : ' ')]).Split([' '], StringSplitOptions.RemoveEmptyEntries);
        var joined = string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));
        return joined.Length > 0 && SyntaxFacts.IsIdentifierStartCharacter(joined[0]) ? joined : "_" + joined;
    }

    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);

    /// <summary>The name with an at sign when it is a keyword.</summary>
    public static string Escape(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None && SyntaxFacts.GetContextualKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
}
