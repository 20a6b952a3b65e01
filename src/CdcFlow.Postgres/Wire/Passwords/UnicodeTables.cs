using System.Globalization;

namespace CdcFlow.Postgres.Wire.Passwords;

/// <summary>
/// The tables that a password is prepared by: those of RFC 3454, and Unicode's for normal form KC. Of the program's own, because a program with
/// invariant globalization has none: there <see cref="string.Normalize()"/> returns its input.
/// </summary>
internal sealed class UnicodeTables
{
    private readonly Dictionary<string, List<(int First, int Last)>> ranges = [];
    private readonly Dictionary<int, byte> classes = [];
    private readonly Dictionary<int, int[]> mappings = [];
    private readonly Dictionary<(int First, int Second), int> compositions = [];

    private UnicodeTables(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                var entries = line.Split(' ');
                Read(entries[0], entries.AsSpan(1));
            }
        }
    }

    /// <summary>Read when the first password needs them.</summary>
    internal static UnicodeTables Shared => Lazily.Tables;

    /// <summary>Whether a table of RFC 3454 has the character.</summary>
    internal bool IsIn(string table, int character) => ranges[table].Exists(range => character >= range.First && character <= range.Last);

    /// <summary>The canonical combining class.</summary>
    internal int ClassOf(int character) => classes.GetValueOrDefault(character);

    /// <summary>The full compatibility decomposition; empty where the character is its own.</summary>
    internal ReadOnlySpan<int> MappingOf(int character) => mappings.GetValueOrDefault(character);

    /// <summary>The primary composite of two characters, or null.</summary>
    internal int? Compose(int first, int second) => compositions.TryGetValue((first, second), out var composed) ? composed : null;

    private void Read(string table, ReadOnlySpan<string> entries)
    {
        foreach (var entry in entries)
        {
            var parts = entry.Split('=', '-');
            switch (table)
            {
                case "map":
                    mappings[Hex(parts[0])] = [.. parts[1].Split('+').Select(Hex)];
                    break;
                case "compose":
                    var pair = parts[0].Split('+');
                    compositions[(Hex(pair[0]), Hex(pair[1]))] = Hex(parts[1]);
                    break;
                default:
                    ReadRange(table, Hex(parts[0]), Hex(parts[^1]));
                    break;
            }
        }
    }

    private void ReadRange(string table, int first, int last)
    {
        const string classPrefix = "class";
        if (!table.StartsWith(classPrefix, StringComparison.Ordinal))
        {
            (ranges.TryGetValue(table, out var known) ? known : ranges[table] = []).Add((first, last));
            return;
        }

        for (var character = first; character <= last; character++)
        {
            classes[character] = byte.Parse(table.AsSpan(classPrefix.Length), CultureInfo.InvariantCulture);
        }
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static class Lazily
    {
        internal static readonly UnicodeTables Tables = Load();

        private static UnicodeTables Load()
        {
            using var reader = new StreamReader(typeof(UnicodeTables).Assembly.GetManifestResourceStream("CdcFlow.Postgres.unicode.txt")!);
            return new UnicodeTables(reader);
        }
    }
}
