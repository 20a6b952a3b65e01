namespace CdcFlow.Postgres.Wire.Passwords;

/// <summary>Unicode's normal form KC (<see href="https://www.unicode.org/reports/tr15/"/>): decomposed as far as compatible, ordered, composed.</summary>
internal static class NormalFormKC
{
    // Hangul syllables are decomposed and composed by arithmetic (The Unicode Standard, 3.12).
    private const int Syllables = 0xAC00;
    private const int Leads = 0x1100;
    private const int Vowels = 0x1161;
    private const int Trails = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TrailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TrailCount;

    internal static List<int> Of(IEnumerable<int> text, UnicodeTables tables)
    {
        var characters = new List<int>();
        foreach (var character in text)
        {
            Decompose(character, tables, characters);
        }

        Order(characters, tables);
        return Compose(characters, tables);
    }

    private static void Decompose(int character, UnicodeTables tables, List<int> into)
    {
        var syllable = character - Syllables;
        if (syllable is >= 0 and < SyllableCount)
        {
            into.Add(Leads + (syllable / (VowelCount * TrailCount)));
            into.Add(Vowels + (syllable % (VowelCount * TrailCount) / TrailCount));
            if (syllable % TrailCount is > 0 and var trail)
            {
                into.Add(Trails + trail);
            }

            return;
        }

        var mapping = tables.MappingOf(character);
        if (mapping.IsEmpty)
        {
            into.Add(character);
        }
        else
        {
            into.AddRange(mapping);
        }
    }

    // Marks after a base are put in the order of their classes; those of one class keep theirs.
    private static void Order(List<int> characters, UnicodeTables tables)
    {
        for (var i = 1; i < characters.Count; i++)
        {
            var @class = tables.ClassOf(characters[i]);
            for (var k = i; @class > 0 && k > 0 && tables.ClassOf(characters[k - 1]) > @class; k--)
            {
                (characters[k - 1], characters[k]) = (characters[k], characters[k - 1]);
            }
        }
    }

    // A character is taken into the last base before it, unless one between them blocks it: of the same class, or a base.
    private static List<int> Compose(List<int> characters, UnicodeTables tables)
    {
        var composed = new List<int>(characters.Count);
        var starter = -1;
        var lastClass = 0;
        foreach (var character in characters)
        {
            var @class = tables.ClassOf(character);
            var isAdjacent = starter == composed.Count - 1;
            if (starter >= 0 && (isAdjacent || lastClass < @class) && Pair(composed[starter], character, tables) is { } pair)
            {
                composed[starter] = pair;
                continue;
            }

            composed.Add(character);
            (starter, lastClass) = (@class == 0 ? composed.Count - 1 : starter, @class);
        }

        return composed;
    }

    private static int? Pair(int first, int second, UnicodeTables tables)
    {
        var (lead, vowel, syllable, trail) = (first - Leads, second - Vowels, first - Syllables, second - Trails);
        return lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount ? Syllables + (((lead * VowelCount) + vowel) * TrailCount)
            : syllable is >= 0 and < SyllableCount && syllable % TrailCount == 0 && trail is > 0 and < TrailCount ? first + trail
            : tables.Compose(first, second);
    }
}
